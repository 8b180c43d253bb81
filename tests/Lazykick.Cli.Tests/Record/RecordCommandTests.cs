using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lazykick.Cli.Commands;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Record;

[Collection(TracefsGroup.Name)]
public sealed class RecordCommandTests : IDisposable
{
    private const string Instances = "/sys/kernel/tracing/instances";

    private readonly string _directory = Directory.CreateTempSubdirectory("lazykick-record").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("250ms", 250)]
    [InlineData("1.5", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void A_time_is_read_with_its_unit(string text, double milliseconds) =>
        Assert.Equal(milliseconds, TimeOption.Duration(text)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1x")]
    [InlineData("9999h")]
    public void What_is_no_time_is_refused(string text) => Assert.Null(TimeOption.Duration(text));

    [Theory]
    [InlineData("record --for 1x", "--for takes a time such as")]
    [InlineData("record --until-break 50", "--until-break takes a time such as 50us or 1ms, not '50'.")]
    [InlineData("record --cpus two", "--cpus takes a list of CPUs")]
    [InlineData("record --buffer-mib 0", "--buffer-mib takes 1 to 4096")]
    [InlineData("record --preset all", "census")]
    [InlineData("watch --for 1x", "--for takes a time such as")]
    [InlineData("watch --cpus two", "--cpus takes a list of CPUs")]
    [InlineData("serve --for 1x", "--for takes a time such as")]
    [InlineData("serve --cpus two", "--cpus takes a list of CPUs")]
    public void A_wrong_option_is_refused_with_what_would_be_right(string call, string expected) =>
        WrongCall.IsRefused(call, expected);

    [Theory]
    [InlineData("record --check --json", "lazykick.record-check/1")]
    [InlineData("record --for 200ms --json -o FILE", "lazykick.record/1")]
    public void The_page_describes_each_field_of_the_documents(string call, string schema)
    {
        NeedsTracefs();
        var run = LazykickProcess.Run(
            call.Replace("FILE", Path.Combine(_directory, "t.dat"), StringComparison.Ordinal).Split(' ')
        );
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(schema, document.RootElement.GetProperty("schema").GetString());
        var page = File.ReadAllText(Repository.PathOf("docs/reference/json.md"));
        var section = page[page.IndexOf($"## `{schema}`", StringComparison.Ordinal)..];
        foreach (var field in document.RootElement.EnumerateObject().Where(f => f.Name != "schema"))
            Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_ends_the_recording_and_the_file_is_complete()
    {
        NeedsTracefs();
        var file = Path.Combine(_directory, "t.dat");
        var process = LazykickProcess.Start(["record", "-o", file]);
        // The unfinished file has another name.
        SpinWait.SpinUntil(() => Directory.GetFiles(_directory).Length > 0, TimeSpan.FromSeconds(60));
        Thread.Sleep(1000);
        Process
            .Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])!
            .WaitForExit();
        var run = LazykickProcess.Finish(process);
        Assert.Equal(0, run.Status);
        Assert.Contains($"next: lazykick report {file}", run.Output, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_directory));
        Assert.Equal(0, LazykickProcess.Run("report", file).Status);
    }

    [Fact]
    public void Of_a_CPU_that_was_not_recorded_nothing_is_known()
    {
        NeedsTracefs();
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two CPUs");
        var file = Path.Combine(_directory, "t.dat");
        // Kicks from CPU 0 to CPU 1, so that the file has events of CPU 0.
        using var ending = new CancellationTokenSource();
        var threads = Enumerable
            .Range(0, Environment.ProcessorCount + 1)
            .Select(_ => new Thread(() =>
            {
                while (!ending.IsCancellationRequested)
                    Interlocked.MemoryBarrierProcessWide();
            }))
            .ToList();
        threads.ForEach(t => t.Start());
        Assert.Equal(0, LazykickProcess.Run("record", "--cpus", "1", "--for", "1s", "-o", file).Status);
        ending.Cancel();
        threads.ForEach(t => t.Join());

        Assert.Equal(4, LazykickProcess.Run("report", file, "--fail-on", "cpu=0 breaks>0").Status);
        Assert.NotEqual(4, LazykickProcess.Run("report", file, "--fail-on", "cpu=1 breaks>=0").Status);
        var text = LazykickProcess.Run("report", file).Output;
        Assert.DoesNotContain("CPU 0: no breaks", text, StringComparison.Ordinal);
        Assert.Contains("CPU 0 was not recorded", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_recorder_leaves_behind_the_next_one_takes_away()
    {
        NeedsTracefs();
        var file = Path.Combine(_directory, "t.dat");
        using var process = LazykickProcess.Start(["record", "-o", file]);
        var own = $"lazykick-{process.Id.ToString(CultureInfo.InvariantCulture)}-*";
        // The kernel makes an instance that records; the recorder stops it, opens its file, and starts it again.
        SpinWait.SpinUntil(
            () => Directory.GetFiles(_directory).Length > 0 && IsRecording(own),
            TimeSpan.FromMinutes(2)
        );
        process.Kill();
        process.WaitForExit();
        // What this test is about is there: an instance that goes on recording, and a file without an end.
        Assert.True(IsRecording(own));
        Assert.Single(Directory.GetFiles(_directory));

        var run = LazykickProcess.Run("record", "--for", "200ms", "-o", file);
        Assert.Equal(0, run.Status);
        Assert.Empty(Directory.GetDirectories(Instances, own));
        Assert.Equal([file], Directory.GetFiles(_directory));

        static bool IsRecording(string name) =>
            Directory
                .GetDirectories(Instances, name)
                .Any(static path => File.ReadAllText(Path.Combine(path, "tracing_on")).Trim() == "1");
    }

    [Fact]
    public void Kicks_of_the_recorder_itself_are_marked_in_text_and_JSON_and_those_of_others_are_not()
    {
        NeedsTracefs();
        var file = Path.Combine(_directory, "t.dat");
        // Somebody else kicks all the time; that the recorder does as well is likely, not certain.
        using var ending = new CancellationTokenSource();
        var other = new Thread(() =>
        {
            while (!ending.IsCancellationRequested)
                Interlocked.MemoryBarrierProcessWide();
        });
        other.Start();
        try
        {
            for (var tries = 0; tries < 10; tries++)
            {
                var process = LazykickProcess.Start(["record", "--for", "2s", "-o", file]);
                var tasks = new Dictionary<int, TimeSpan>();
                var lasting = new HashSet<int>();
                var clock = Stopwatch.StartNew();
                while (!process.HasExited)
                {
                    foreach (var task in TasksOf(process.Id))
                    {
                        if (!tasks.TryAdd(task, clock.Elapsed) && clock.Elapsed - tasks[task] > TimeSpan.FromSeconds(1))
                            lasting.Add(task);
                    }

                    Thread.Sleep(20);
                }

                Assert.Equal(0, LazykickProcess.Finish(process).Status);
                using var report = JsonDocument.Parse(LazykickProcess.Run("report", file, "--all", "--json").Output);
                var senders = report
                    .RootElement.GetProperty("reports")[0]
                    .GetProperty("senders")
                    .EnumerateArray()
                    .ToList();
                var marked = senders.Where(static sender => sender.TryGetProperty("recorder", out _)).ToList();
                if (marked.Count == 0)
                    continue;
                Assert.All(marked, sender => Assert.Contains(sender.GetProperty("pid").GetInt32(), tasks.Keys));
                Assert.Contains(senders, static sender => !sender.TryGetProperty("recorder", out _));
                // Also threads that have ended before the file was written; not those between two looks at them, nor
                // the interrupts whose sender the kernel did not record.
                var unmarked = senders
                    .Where(static sender => !sender.TryGetProperty("recorder", out _))
                    .Where(static sender => sender.TryGetProperty("pid", out _))
                    .Select(static sender => sender.GetProperty("pid").GetInt32());
                Assert.Empty(unmarked.Intersect(lasting));
                var kicks = marked.Sum(static sender => sender.GetProperty("kicks").GetInt64());
                Assert.Contains(
                    string.Create(CultureInfo.InvariantCulture, $"* lazykick record itself: {kicks:N0} kicks"),
                    LazykickProcess.Run("report", file, "--all").Output,
                    StringComparison.Ordinal
                );
                return;
            }
        }
        finally
        {
            ending.Cancel();
            other.Join();
        }

        Assert.Skip("in ten recordings the recorder has kicked nobody");
    }

    private static List<int> TasksOf(int process)
    {
        try
        {
            return
            [
                .. Directory
                    .GetDirectories($"/proc/{process}/task")
                    .Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static void NeedsTracefs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "recording needs root");
        Assert.SkipUnless(File.Exists("/sys/kernel/tracing/trace_clock"), "tracefs is not mounted");
    }
}
