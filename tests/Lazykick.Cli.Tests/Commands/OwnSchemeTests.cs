using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Tests.Support;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>
/// Schemes that were written from docs/reference/language.md alone, beside the catalogue: <c>Schemes/NAME.kick</c> and
/// <c>NAME.expected</c>.
/// </summary>
public sealed class OwnSchemeTests
{
    private static readonly string s_directory = Path.Combine(AppContext.BaseDirectory, "Schemes");

    public static TheoryData<string> Names { get; } =
    [
        .. Directory
            .EnumerateFiles(s_directory, "*.kick")
            .Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scheme_written_from_the_language_reference_does_what_its_author_expects(string name)
    {
        var diagnostics = new DiagnosticCollection();
        var path = Path.Combine(s_directory, name + ".kick");
        var scheme = SchemeLoader.Load(
            new SourceText(path, File.ReadAllText(path)),
            new DirectoryFiles(s_directory),
            diagnostics
        );
        var expectedPath = Path.ChangeExtension(path, ".expected");
        var expected = ExpectationFile.Parse(new SourceText(expectedPath, File.ReadAllText(expectedPath)), diagnostics);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        Assert.NotEmpty(expected);
        var actual = new List<Expectation>();
        foreach (var entry in expected)
        {
            var result = SchemeCheck.Run(
                scheme!,
                new CheckOptions
                {
                    Cpus = entry.Cpus,
                    Memory = Enum.Parse<MemoryModel>(entry.Memory, ignoreCase: true),
                    Knobs = entry.Knobs,
                    Exact = true,
                },
                diagnostics,
                TestContext.Current.CancellationToken
            );
            Assert.Empty(diagnostics.Select(d => d.Render()));
            Assert.True(result!.KickReturned);
            Assert.Empty(result.NeverTaken.Where(_ => entry.Knobs.Count == 0).Select(p => $"{p.Path}: {p.Step}"));
            actual.Add(
                entry with
                {
                    Lengths = result
                        .Verdicts.Where(v => v.Verdict != Verdict.NotChecked)
                        .ToDictionary(v => v.Property, v => v.Length, StringComparer.Ordinal),
                    States = result.States,
                }
            );
        }

        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 })
        {
            File.WriteAllText(
                Path.Combine(Repository.Root, "tests/Lazykick.Cli.Tests/Schemes", name + ".expected"),
                ExpectationFile.Format(actual)
            );
        }
        else
        {
            Assert.Equal(ExpectationFile.Format(expected), ExpectationFile.Format(actual));
        }
    }

    [Fact]
    public void The_command_finds_a_scheme_by_its_path()
    {
        var run = LazykickProcess.Run("check", Path.Combine(s_directory, "riscv-icache.kick"), "--set", "check=early");
        Assert.Equal(1, run.Status);
        Assert.Contains("S1          VIOLATED", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_tells_that_no_trace_prices_a_policy_whose_kick_no_function_of_the_table_asks_for()
    {
        var run = LazykickProcess.Run("check", Path.Combine(s_directory, "membarrier-mm.kick"), "--memory", "sc");
        var words = string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(
            "policy other_mm serves membarrier_sync_core, which no function of report's table asks for",
            words,
            StringComparison.Ordinal
        );
    }
}
