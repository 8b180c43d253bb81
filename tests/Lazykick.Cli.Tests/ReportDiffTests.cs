using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests;

/// <summary>One workload on a kernel as it is and on one that skips, as an operator compares two recordings.</summary>
public sealed class ReportDiffTests
{
    private static string AsItIs { get; } = Repository.PathOf("tests/data/captures/lazykernel-A/sk_by_cpu0.dat.zst");

    private static string Skipping { get; } = Repository.PathOf("tests/data/captures/lazykernel-B/sk_by_cpu0.dat.zst");

    [Fact]
    public void What_a_kernel_that_skips_spares_the_isolated_CPUs_is_shown()
    {
        var run = LazykickProcess.Run("report", "--diff", AsItIs, Skipping, "--phase", "sk_by_cpu0", "--json");

        Assert.Equal((0, ""), (run.Status, run.Messages));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("lazykick.report-diff/1", json.RootElement.GetProperty("schema").GetString());
        var cpus = json.RootElement.GetProperty("cpus").EnumerateArray().ToList();
        Assert.Equal(["fewer", "fewer"], cpus[2..].Select(static cpu => cpu.GetProperty("verdict").GetString()));
        var breaks = cpus[2].GetProperty("metrics")[0];
        Assert.Equal(("breaks", 80), (breaks.GetProperty("name").GetString(), breaks.GetProperty("before").GetInt32()));
        Assert.InRange(breaks.GetProperty("intervalHigh").GetDouble(), -100, -50);
    }

    [Fact]
    public void A_recording_does_not_differ_from_itself()
    {
        var run = LazykickProcess.Run("report", "--diff", AsItIs, AsItIs);

        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.Contains("CPU 2: no difference shown in breaks per second", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fewer", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("more", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), static line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData("cpu=2-3 breaks>0", 0)]
    [InlineData("cpu=2-3 breaks<-50%", 1)]
    [InlineData("cpu=2 needless<-99", 0)]
    [InlineData("cpu=17 breaks>0", 4)]
    [InlineData("cpu=2-3 stolen<-10%", 1)]
    [InlineData("cpu=2-3 stolen>0", 0)]
    [InlineData("cpu=2 longest<0", 1)]
    [InlineData("cpu=2 longest>0", 0)]
    public void A_condition_is_crossed_where_the_whole_interval_is_beyond(string condition, int status)
    {
        var run = LazykickProcess.Run(
            "report",
            "--diff",
            AsItIs,
            Skipping,
            "--phase",
            "sk_by_cpu0",
            "--fail-on",
            condition
        );

        Assert.Equal(status, run.Status);
        Assert.Equal(status == 0, run.Messages.Length == 0);
    }

    [Fact]
    public void Where_next_to_nothing_was_before_rates_are_compared_and_no_percentage_is_made_up()
    {
        // The other way round: what the skipping kernel never did, the other one did often.
        var run = LazykickProcess.Run("report", "--diff", Skipping, AsItIs, "--phase", "sk_by_cpu0");

        Assert.Equal(0, run.Status);
        Assert.DoesNotMatch(@"\d{4,}(\.\d)? %", run.Output);
        Assert.Matches(@"breaks +5\.99 +119\.8 +\+113\.81 /s +\+\d[\d.]*\.\.\+\d[\d.]* /s +more", run.Output);
        Assert.Contains("less than ten, of which a percentage means", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("breaks>0")]
    [InlineData("stolen>0")]
    [InlineData("longest>0")]
    public void What_a_recording_does_not_tell_is_not_compared(string condition)
    {
        // Without the symbols of perf.data, a capture that lost what breaks are made of.
        using var files = new Recorded("sched", "power", "raw_syscalls");
        var run = LazykickProcess.Run("report", "--diff", files.Path, files.Path, "--fail-on", $"cpu=1 {condition}");

        Assert.Equal(4, run.Status);
        Assert.Contains("cannot tell", run.Messages, StringComparison.Ordinal);
        Assert.Matches(@"breaks +\? +\? +- +- +cannot tell", run.Output);
    }
}
