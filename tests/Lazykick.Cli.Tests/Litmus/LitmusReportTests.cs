using System.Text.Json;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Cli.Litmus;

namespace Lazykick.Cli.Tests.Litmus;

public sealed class LitmusReportTests : IDisposable
{
    private const string StoreBuffering = """
        X86_64 SB
        { }
         P0            | P1            ;
         movl $1,(x)   | movl $1,(y)   ;
         movl (y),%eax | movl (x),%eax ;
        exists (0:rax=0 /\ 1:rax=0)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("lazykick-litmus").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_text_is_in_herds_form_and_the_execution_in_columns()
    {
        var (status, output, errors) = Run(draw: true, kinds: null, ("SB.litmus", StoreBuffering));
        Assert.Equal(0, status);
        Assert.Equal("", errors);
        Assert.Equal(
            """
            Test SB Allowed
            States 4
            0:rax=0; 1:rax=0;
            0:rax=0; 1:rax=1;
            0:rax=1; 1:rax=0;
            0:rax=1; 1:rax=1;
            Ok
            Witnesses
            Positive: 1 Negative: 3
            Condition exists (0:rax=0 /\ 1:rax=0)
            Observation SB Sometimes 1 3
            Machine tso, window 3, 25 states, exhaustive

            CPU0                  CPU1
            movl (y),%eax  y = 0
                                  movl $1,(y)  y := 1
                                  movl (x),%eax  x = 0
            movl $1,(x)  x := 1
            -- the proposition holds here


            """,
            output
        );
    }

    [Fact]
    public void A_wrong_file_is_named_with_line_and_column_and_the_others_are_answered()
    {
        var (status, output, errors) = Run(
            false,
            null,
            ("bad.litmus", StoreBuffering.Replace("movl (y)", "movq!(y)", StringComparison.Ordinal)),
            ("SB.litmus", StoreBuffering)
        );
        Assert.Equal(2, status);
        Assert.Equal(
            $"{Path.Combine(_folder, "bad.litmus")}:5:2: error: not modelled: instruction 'movq!(y),%eax'\n",
            errors
        );
        Assert.Contains("Observation SB Sometimes 1 3", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SB Allowed", 0)]
    [InlineData("SB Forbidden", 1)]
    [InlineData("other Forbidden", 0)]
    public void A_difference_from_the_list_of_kinds_is_the_exit_status(string kinds, int expected)
    {
        var (status, _, errors) = Run(false, kinds, ("SB.litmus", StoreBuffering));
        Assert.Equal(expected, status);
        Assert.Equal(
            expected == 1,
            errors.Contains("differs: SB is Allowed, expected Forbidden", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_limit_is_status_three_and_no_answer()
    {
        var (status, output, errors) = Run(false, null, maxStates: 5, ("SB.litmus", StoreBuffering));
        Assert.Equal(3, status);
        Assert.Equal("", output);
        Assert.Contains("gave up at --max-states: more than 5 states", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_answers_states_execution_and_errors()
    {
        using var output = new MemoryStream();
        var batch = new LitmusBatch(new LitmusOptions { KeepsExecution = true }, new LitmusJsonReport(output));
        Assert.Equal(
            2,
            batch.Run(
                [Write("SB.litmus", StoreBuffering), Write("cut.litmus", StoreBuffering[..40])],
                null,
                TestContext.Current.CancellationToken
            )
        );
        using var document = JsonDocument.Parse(output.ToArray());
        Assert.Equal("lazykick.litmus/2", document.RootElement.GetProperty("schema").GetString());
        var tests = document.RootElement.GetProperty("tests").EnumerateArray().ToArray();
        Assert.Equal("sometimes", tests[0].GetProperty("observation").GetString());
        Assert.Equal(4, tests[0].GetProperty("states").GetArrayLength());
        Assert.Equal(4, tests[0].GetProperty("execution").GetArrayLength());
        Assert.Equal(3, tests[1].GetProperty("line").GetInt32());
        Assert.False(tests[1].TryGetProperty("missingFeature", out _), "null is left out");
    }

    private (int Status, string Output, string Errors) Run(
        bool draw,
        string? kinds,
        params (string Name, string Text)[] files
    ) => Run(draw, kinds, 1000, files);

    private (int Status, string Output, string Errors) Run(
        bool draw,
        string? kinds,
        int maxStates,
        params (string Name, string Text)[] files
    )
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        var batch = new LitmusBatch(
            new LitmusOptions { KeepsExecution = draw, Limits = SearchLimits.Default with { MaxStates = maxStates } },
            new LitmusTextReport(output, errors, draw, brief: false)
        );
        var status = batch.Run(
            files.Select(f => Write(f.Name, f.Text)).ToList(),
            kinds is null ? null : Write("kinds.txt", kinds),
            TestContext.Current.CancellationToken
        );
        return (status, output.ToString(), errors.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
