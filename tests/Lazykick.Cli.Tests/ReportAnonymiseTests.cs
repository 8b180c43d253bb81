using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests;

public sealed class ReportAnonymiseTests
{
    private static string Capture { get; } = Repository.PathOf("tests/data/captures/x86-7.3-raw/perf_cpu2.dat.zst");

    [Fact]
    public void A_copy_can_be_reported_and_says_what_was_replaced()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var run = LazykickProcess.Run("report", Capture, "--anonymise", path);
            Assert.Equal((0, ""), (run.Status, run.Errors));
            Assert.Contains("the totals are those of the original", run.Output, StringComparison.Ordinal);

            var copy = LazykickProcess.Run("report", path, "--phase", "perf_cpu2", "--all");
            Assert.Equal(0, copy.Status);
            Assert.Contains("remote_function", copy.Output, StringComparison.Ordinal);
            Assert.Contains("task-", copy.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(" wl-", copy.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("x86-7.3-raw", "perf_cpu2", "--phase perf_cpu2")]
    [InlineData("x86-7.3-raw", "perf_cpu2", "--from +0.5 --to +1.5")]
    [InlineData("arm64-6.12-raw-b", "static_key", "--phase static_key")]
    [InlineData("arm64-6.12-raw-b", "static_key", "--from +0.7")]
    [InlineData("lazykernel-A", "sk_by_cpu0", "--phase sk_by_cpu0")]
    [InlineData("x86-6.12-tracecmd", "static_key", "--phase static_key")]
    public void A_copy_of_a_part_has_the_totals_of_the_part(string capture, string phase, string selection)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = Repository.PathOf($"tests/data/captures/{capture}/{phase}.dat.zst");
        try
        {
            var run = LazykickProcess.Run(["report", file, .. selection.Split(' '), "--anonymise", path]);

            Assert.Equal((0, ""), (run.Status, run.Errors));
            Assert.Contains("the totals are those of the original", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_did_not_happen_in_the_copied_time_stays_known()
    {
        // The recording has irq_work interrupts, and none in the copied time.
        var file = Repository.PathOf("tests/data/captures/x86-6.12-tracecmd/static_key.dat.zst");
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string[] part = ["--from", "+0.05", "--to", "+0.06"];
            Assert.Equal(0, LazykickProcess.Run(["report", file, .. part, "--anonymise", path]).Status);

            Assert.Equal(["devices"], MissingFor(file, part));
            Assert.Equal(["devices"], MissingFor(path, []));
        }
        finally
        {
            File.Delete(path);
        }

        static IEnumerable<string?> MissingFor(string trace, string[] part)
        {
            using var report = JsonDocument.Parse(LazykickProcess.Run(["report", trace, .. part, "--json"]).Output);
            var cpus = report.RootElement.GetProperty("reports")[0].GetProperty("selection").GetProperty("cpus");
            var missing = cpus[2].GetProperty("notKnown").GetProperty("breaks").GetProperty("missing");
            return missing.EnumerateArray().Select(static word => word.GetString()).ToList();
        }
    }

    [Theory]
    [InlineData("--phase no-such", "there is no phase 'no-such'")]
    [InlineData("--from 99999", "nothing was recorded in the part that was asked for")]
    public void What_is_not_in_the_trace_cannot_be_copied(string selection, string message)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var run = LazykickProcess.Run(["report", Capture, .. selection.Split(' '), "--anonymise", path]);

        Assert.Equal(2, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }
}
