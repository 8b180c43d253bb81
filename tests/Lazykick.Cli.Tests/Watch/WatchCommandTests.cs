using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Watch;

[Collection(TracefsGroup.Name)]
public sealed class WatchCommandTests
{
    [Fact]
    public void In_a_pipe_each_second_is_a_line_whose_shares_make_up_the_whole()
    {
        NeedsTracefs();
        var run = LazykickProcess.Run("watch", "--for", "5s", "--json");
        Assert.Equal(0, run.Status);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        var page = File.ReadAllText(Repository.PathOf("docs/reference/json.md"));
        var section = page[page.IndexOf("## `lazykick.watch/1`", StringComparison.Ordinal)..];
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            Assert.Equal("lazykick.watch/1", root.GetProperty("schema").GetString());
            foreach (var cpu in root.GetProperty("cpus").EnumerateArray())
            {
                string[] states = ["user", "idle", "guest", "kernel", "unknown"];
                Assert.InRange(states.Sum(s => cpu.GetProperty(s).GetDouble()), 0.98, 1.02);
                foreach (var field in cpu.EnumerateObject())
                    Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal);
            }

            foreach (var list in new[] { "causes", "wakes", "senders" })
            {
                foreach (var field in root.GetProperty(list).EnumerateArray().SelectMany(row => row.EnumerateObject()))
                    Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void What_a_recording_tells_of_breaks_is_told_live_as_well()
    {
        NeedsTracefs();
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal(0, LazykickProcess.Run("record", "--for", "1s", "-o", file).Status);
            using var report = JsonDocument.Parse(LazykickProcess.Run("report", file, "--json").Output);
            var told = report
                .RootElement.GetProperty("reports")[0]
                .GetProperty("selection")
                .GetProperty("cpus")
                .EnumerateArray()
                .Where(static cpu => !cpu.GetProperty("notKnown").TryGetProperty("breaks", out _))
                .Select(static cpu => cpu.GetProperty("cpu").GetInt32())
                .ToList();
            Assert.NotEmpty(told);
            var run = LazykickProcess.Run("watch", "--for", "8s", "--json");
            using var last = JsonDocument.Parse(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
            var live = last
                .RootElement.GetProperty("cpus")
                .EnumerateArray()
                .Where(static cpu => cpu.GetProperty("breaksPerSecond").ValueKind != JsonValueKind.Null)
                .Select(static cpu => cpu.GetProperty("cpu").GetInt32());
            Assert.Equal(told, live.Order());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void It_says_at_its_start_what_cannot_be_told_and_comes_first_to_empty_the_buffers()
    {
        NeedsTracefs();
        Assert.SkipUnless(Environment.UserName == "root", "only root gets a better nice value");
        var process = LazykickProcess.Start(["watch", "--for", "4m", "--json"]);
        using var first = JsonDocument.Parse(process.StandardOutput.ReadLine()!);
        var nice = Directory
            .GetDirectories($"/proc/{process.Id}/task")
            .Select(static task => File.ReadAllText(Path.Combine(task, "stat")).Split(") ")[^1].Split(' ')[16]);
        Assert.Contains("-15", nice);
        Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])!.WaitForExit();
        var run = LazykickProcess.Finish(process);
        foreach (var limit in first.RootElement.GetProperty("limits").EnumerateArray())
            Assert.Contains($"not all can be told here: {limit.GetString()}", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_file_each_second_is_a_line_below_the_one_before()
    {
        NeedsTracefs();
        var file = Path.GetTempFileName();
        try
        {
            var run = LazykickProcess.Shell($"echo first > {file}; lazykick watch --for 6s --json >> {file}; "
                + $"lazykick watch --for 6s --json > {file}.2; cat {file} {file}.2");
            var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("first", lines[0]);
            // A busy machine may show fewer than one a second.
            Assert.InRange(lines.Length, 5, 14);
            Assert.All(lines.Skip(1), line => JsonDocument.Parse(line).Dispose());
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".2");
        }
    }

    [Fact]
    public void What_a_task_does_to_a_busy_CPU_is_named_with_sender_and_cure()
    {
        NeedsTracefs();
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two CPUs");
        using var ending = new CancellationTokenSource();
        // Threads that spin, one a CPU, and one that orders their memory accesses by interrupts of their CPUs.
        var threads = Enumerable
            .Range(0, Environment.ProcessorCount + 1)
            .Select(at => new Thread(() =>
            {
                while (!ending.IsCancellationRequested)
                {
                    if (at == 0)
                        Interlocked.MemoryBarrierProcessWide();
                    else
                        Thread.SpinWait(100);
                }
            }))
            .ToList();
        threads.ForEach(static thread => thread.Start());
        try
        {
            // On a busy machine they seldom run at the same time: it is watched until they did.
            var process = LazykickProcess.Start(["watch", "--for", "3m", "--json"]);
            var isNamed = false;
            while (!isNamed && process.StandardOutput.ReadLine() is { } line)
            {
                using var frame = JsonDocument.Parse(line);
                isNamed = frame.RootElement.GetProperty("causes").EnumerateArray().Any(IsNamed);
            }

            Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])!.WaitForExit();
            LazykickProcess.Finish(process);
            Assert.True(isNamed, "in three minutes no break by membarrier was named");
        }
        finally
        {
            ending.Cancel();
            threads.ForEach(static thread => thread.Join());
        }

        static bool IsNamed(JsonElement cause) =>
            cause.GetProperty("cause").GetString()!.StartsWith("membarrier of task", StringComparison.Ordinal)
            && cause.GetProperty("senders").GetArrayLength() > 0
            && cause.GetProperty("cure").GetString()!.Length > 0
            && cause.GetProperty("stolenMicrosecondsPerSecond").GetDouble() > 0;
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_and_nothing_is_left_behind()
    {
        NeedsTracefs();
        var run = LazykickProcess.Shell("lazykick watch | head -n 1");
        Assert.Equal(0, run.Status);
        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        // Others may record at the same time; nothing is there whose process has ended.
        Assert.All(
            Directory.GetDirectories("/sys/kernel/tracing/instances", "lazykick-*"),
            static path => Assert.True(Directory.Exists($"/proc/{Path.GetFileName(path).Split('-')[1]}"), path)
        );
    }

    [Fact]
    public void A_wrong_list_of_CPUs_is_refused()
    {
        var run = LazykickProcess.Run("watch", "--cpus", "two");
        Assert.Equal(2, run.Status);
        Assert.Contains("--cpus takes a list of CPUs", run.Errors, StringComparison.Ordinal);
    }

    private static void NeedsTracefs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "recording needs root");
        Assert.SkipUnless(File.Exists("/sys/kernel/tracing/trace_clock"), "tracefs is not mounted");
    }
}
