using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class ExportTests
{
    private const string Race = "export v2 --litmus --memory sc --set patch4=off";

    [Fact]
    public void What_export_prints_is_a_test_that_litmus_answers()
    {
        var run = LazykickProcess.Shell(
            $"lazykick {Race} > \"$TMPDIR/race.litmus\" && lazykick litmus --brief \"$TMPDIR/race.litmus\"",
            Temporary(out var directory)
        );
        Directory.Delete(directory, recursive: true);
        Assert.Equal(0, run.Status);
        Assert.StartsWith("Observation v2+patch4-off+S1 Sometimes ", run.Output, StringComparison.Ordinal);
        Assert.Equal("v2+patch4-off+S1: Allowed under sc\n", run.Messages);
    }

    [Fact]
    public void A_pair_goes_into_a_directory_and_standard_output_gets_the_mended_one()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-export-").FullName;
        try
        {
            var run = LazykickProcess.Run([.. Race.Split(' '), "--against", "patch4=on", "-o", directory]);
            Assert.Equal((0, ""), (run.Status, run.Output));
            Assert.Equal(
                "v2+patch4-off+S1: Allowed under sc\nv2+S1: Forbidden under sc, Allowed under the architecture's own "
                    + "model\n",
                run.Messages
            );
            Assert.Equal(
                ["v2+S1.litmus", "v2+patch4-off+S1.litmus"],
                Directory.EnumerateFiles(directory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            );
            var printed = LazykickProcess.Run([.. Race.Split(' '), "--against", "patch4=on"]);
            Assert.Equal(File.ReadAllText(Path.Combine(directory, "v2+S1.litmus")), printed.Output);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_named_gets_the_race_and_its_twin_lies_beside_it()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-export-").FullName;
        try
        {
            var file = Path.Combine(directory, "race.litmus");
            var run = LazykickProcess.Run([.. Race.Split(' '), "--against", "patch4=on", "-o", file]);
            Assert.Equal((0, ""), (run.Status, run.Output));
            Assert.Contains($"v2+patch4-off+S1: written to {file}\n", run.Messages, StringComparison.Ordinal);
            var twin = Path.Combine(directory, "race-mended.litmus");
            Assert.Contains($"v2+S1: written to {twin}\n", run.Messages, StringComparison.Ordinal);
            Assert.Contains("v2+patch4-off+S1", File.ReadLines(file).First(), StringComparison.Ordinal);
            Assert.DoesNotContain("patch4-off", File.ReadLines(twin).First(), StringComparison.Ordinal);
            Assert.Equal(2, Directory.GetFiles(directory).Length);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void The_document_holds_both_tests_with_what_was_kept_and_left_out()
    {
        var run = LazykickProcess.Run([.. Race.Split(' '), "--against", "patch4=on", "--json"]);
        Assert.Equal((0, ""), (run.Status, run.Messages));
        using var document = JsonDocument.Parse(run.Output);
        var tests = document.RootElement.GetProperty("tests").EnumerateArray().ToList();
        Assert.Equal(["Allowed", "Forbidden"], tests.Select(t => t.GetProperty("verdict").GetString()));
        Assert.Contains(
            tests[0].GetProperty("kept").EnumerateArray(),
            k => k.GetString()!.StartsWith("P1: rmw watching := 1 full (", StringComparison.Ordinal)
        );
        Assert.Contains(
            tests[0].GetProperty("dropped").EnumerateArray(),
            k => k.GetString()!.StartsWith("P0: kick kick_all_cpus_sync (", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_reader_that_has_had_enough_is_no_error()
    {
        var run = LazykickProcess.Shell($"lazykick {Race} 2>/dev/null | head -1; echo ${{PIPESTATUS[0]}}");
        Assert.Equal("AArch64 v2+patch4-off+S1\n0\n", run.Output);
    }

    [Theory]
    [InlineData("export v2", "lazykick export: name the form: --litmus")]
    [InlineData("export v2 --litmus --against patch4", "lazykick export: --against takes knob=value, not 'patch4'.")]
    [InlineData("export v2 --litmus --json -o x", "lazykick export: --json goes to standard output")]
    [InlineData(
        "export arm64-rcu --litmus",
        "lazykick: 'arm64-rcu' is a base that schemes include; it has no CPUs to check"
    )]
    [InlineData(
        "export v2 --litmus --memory sc",
        "lazykick: v2 under sc keeps what it promises: there is no race to export"
    )]
    [InlineData(
        "export v2 --litmus --memory sc --property S5b",
        "lazykick: S5b turns on an interrupt, at 'exception' ("
    )]
    [InlineData("export v2 --litmus --memory sc --property S99", "lazykick: 'v2' has no property 'S99'")]
    [InlineData(
        "export v2 --litmus --memory sc --set patch4=off -o no/such/directory/x",
        "lazykick: no/such/directory/x: "
    )]
    public void What_cannot_be_exported_ends_with_2_and_says_why(string call, string message)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_gives_up_before_it_meets_a_race_ends_with_3()
    {
        var run = LazykickProcess.Run("export", "v2", "--litmus", "--max-states", "500");
        Assert.Equal((3, ""), (run.Status, run.Output));
        Assert.Contains("the search gave up after ", run.Messages, StringComparison.Ordinal);
        Assert.Contains("--max-states", run.Messages, StringComparison.Ordinal);
    }

    private static (string Name, string Value) Temporary(out string directory) =>
        ("TMPDIR", directory = Directory.CreateTempSubdirectory("lazykick-export-").FullName);
}
