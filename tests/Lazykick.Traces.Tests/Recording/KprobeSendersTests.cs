using System.Runtime.InteropServices;
using Lazykick.Traces.Recording;

namespace Lazykick.Traces.Tests.Recording;

public sealed class KprobeSendersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lazykick-probes").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void On_x86_of_6_1_the_lines_are_those_that_the_page_shows()
    {
        var page = File.ReadAllLines(Path.Combine(Repository, "docs", "reference", "report.md"))
            .Where(static line => line.StartsWith("p:lazykick/", StringComparison.Ordinal))
            .ToList();
        var lines = KprobeSenders.Lines("lazykick", 4, Architecture.X64, new Version(6, 1));

        Assert.Equal(6, page.Count);
        Assert.Equal(page, lines.Select(static forms => forms[0]));
    }

    [Fact]
    public void On_arm64_ipi_raise_tells_what_is_sent()
    {
        var lines = KprobeSenders.Lines("g", 4, Architecture.Arm64, new Version(6, 1));

        Assert.Equal(3, lines.Count);
        Assert.All(lines, static forms => Assert.Contains("site=%x30:x64", forms[0], StringComparison.Ordinal));
        Assert.Contains("cond=%x4:x64", lines[2][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Before_5_8_the_function_is_an_argument_and_many_has_no_condition_to_fall_back_to()
    {
        var lines = KprobeSenders.Lines("g", 4, Architecture.X64, new Version(4, 18));

        Assert.Equal(
            "p:g/kick_cpu generic_exec_single cpu=%di:s32 func=%dx:x64 site=+0(%sp):x64",
            Assert.Single(lines[0])
        );
        Assert.Equal(
            "p:g/kick_mask smp_call_function_many mask=+0(%di):x64 func=%si:x64 site=+0(%sp):x64",
            lines[1][1]
        );
    }

    [Fact]
    public void A_machine_with_more_than_64_CPUs_has_more_words_of_the_mask()
    {
        var mask = KprobeSenders.Lines("g", 130, Architecture.X64, new Version(6, 1))[2][0];

        Assert.Contains("mask=+0(%di):x64 mask1=+8(%di):x64 mask2=+16(%di):x64 func", mask, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_with_events_of_senders_gets_no_kprobes_and_one_without_kprobes_says_so()
    {
        Directory.CreateDirectory(Path.Combine(_root, "events", "ipi", "ipi_send_cpu"));
        Assert.True(KprobeSenders.AreNeedless(new Tracefs(_root)));

        var notes = new List<string>();
        Directory.Delete(Path.Combine(_root, "events", "ipi"), recursive: true);
        Assert.False(KprobeSenders.AreNeedless(new Tracefs(_root)));
        Assert.Null(KprobeSenders.Create(new Tracefs(_root), notes));
        Assert.Contains("kprobe_events", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_groups_in_the_kernel_only_those_of_dead_recorders_are_removed()
    {
        var alive = OwnerName.Of(KprobeSenders.Prefix, '_');
        File.WriteAllText(
            Path.Combine(_root, "kprobe_events"),
            $"p:{alive}/kick_cpu f cpu=%di:s32\np:lazykick_2147483646_17/kick_cpu f cpu=%di:s32\n"
                + "p:lazykick/kick_cpu f cpu=%di:s32\np:other/probe f\n"
        );

        Assert.Equal(["lazykick_2147483646_17"], KprobeSenders.SweepDead(new Tracefs(_root)));
    }

    [Theory]
    [InlineData("0::/user.slice/a b.scope\n", "/user.slice/a b.scope")]
    [InlineData("0::/\n", "/")]
    [InlineData("12:cpuset:/\n3:cpu,cpuacct:/docker/abc\n0::/\n", "/docker/abc")]
    [InlineData("", null)]
    public void The_cgroup_of_a_task_is_that_of_the_unified_hierarchy_or_the_longest(string text, string? path) =>
        Assert.Equal(path, TraceSession.CgroupIn(text));

    private static string Repository
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "Lazykick.slnx")))
                directory = directory.Parent;
            return directory.FullName;
        }
    }
}
