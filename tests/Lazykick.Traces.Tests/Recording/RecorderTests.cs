using System.Text;
using System.Text.RegularExpressions;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Recording;

namespace Lazykick.Traces.Tests.Recording;

/// <summary>Real recordings on the machine that runs the tests; they need root and tracefs.</summary>
public sealed partial class RecorderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lazykick-record").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_recording_holds_as_many_events_as_the_kernel_counted_and_as_trace_cmd_reads()
    {
        var tracefs = Machine();
        var result = Record(tracefs, new RecordingOptions { Output = PathOf("all.dat") });
        Assert.Null(result.Failure);
        Assert.Empty(result.LostByCpu);
        Assert.True(result.Events > 0);
        Assert.Equal(result.Events, Count(result.File));
        var lines = Encoding.UTF8.GetString(Tool.Run("trace-cmd", "report", "-N", result.File)).Split('\n');
        Assert.Equal(result.Events, lines.Count(l => EventLine().IsMatch(l)));
    }

    [Fact]
    public void Of_some_CPUs_only_their_own_events_and_kicks_to_them_are_taken()
    {
        var tracefs = Machine();
        var result = Record(tracefs, new RecordingOptions { Output = PathOf("one.dat"), Cpus = [0] });
        using var trace = TraceFile.Open(result.File, TestContext.Current.CancellationToken);
        var dispatch = new EventDispatch();
        // A wake-up of a polling idle CPU is a kick that needs no IPI: it is recorded where it is sent, as kicks are.
        foreach (var format in trace.Formats)
        {
            var isKick = format.System is "ipi" or "csd" || format.Name == "sched_wake_idle_without_ipi";
            dispatch.Set(format, (byte)(isKick ? 2 : 1));
        }

        var reader = trace.OpenReader(dispatch);
        while (reader.TryRead(out var next))
            Assert.True(next.Cpu == 0 || next.Tag == 2, $"event {next.Id} on CPU {next.Cpu}");
    }

    [Fact]
    public void Two_recordings_at_once_do_not_meet_and_leave_nothing_behind()
    {
        var tracefs = Machine();
        var before = Instances(tracefs);
        var tracing = File.ReadAllText(Path.Combine(tracefs.Root, "set_event"));
        using (var first = Recorder.Prepare(tracefs, new RecordingOptions { Output = PathOf("a.dat") }))
        using (var second = Recorder.Prepare(tracefs, new RecordingOptions { Output = PathOf("b.dat") }))
        {
            first.Start();
            second.Start();
            Thread.Sleep(100);
            Assert.True(second.Finish().Events > 0);
            Assert.True(first.Finish().Events > 0);
        }

        Assert.Equal(before, Instances(tracefs));
        Assert.Equal(tracing, File.ReadAllText(Path.Combine(tracefs.Root, "set_event")));
        Assert.Equal(["a.dat", "b.dat"], Files());
    }

    [Fact]
    public void A_recording_that_is_given_up_leaves_neither_instance_nor_file()
    {
        var tracefs = Machine();
        var before = Instances(tracefs);
        using (var recorder = Recorder.Prepare(tracefs, new RecordingOptions { Output = PathOf("x.dat") }))
        {
            recorder.Start();
            Thread.Sleep(50);
        }

        Assert.Equal(before, Instances(tracefs));
        Assert.Empty(Files());
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_anything_is_recorded()
    {
        var tracefs = Machine();
        var before = Instances(tracefs);
        var error = Assert.Throws<RecordingException>(() =>
            Recorder.Prepare(tracefs, new RecordingOptions { Output = PathOf("missing/x.dat") })
        );
        Assert.Contains("missing/x.dat", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Instances(tracefs));
    }

    [Fact]
    public void A_CPU_that_the_machine_lacks_is_refused()
    {
        var tracefs = Machine();
        var error = Assert.Throws<RecordingException>(() =>
            Recorder.Prepare(tracefs, new RecordingOptions { Output = PathOf("x.dat"), Cpus = [8191] })
        );
        Assert.Contains("there is no CPU 8191", error.Message, StringComparison.Ordinal);
    }

    // "comm-pid   [cpu] seconds.micros: event: ..."; how many blanks stand before the time hangs on the machine's
    // uptime.
    [GeneratedRegex(@"-\d+ +\[\d+\] +\d+\.\d+: ", RegexOptions.None, 10_000)]
    private static partial Regex EventLine();

    private static Tracefs Machine()
    {
        try
        {
            var tracefs = Tracefs.Find();
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "recording needs root");
            return tracefs;
        }
        catch (RecordingException error)
        {
            Assert.Skip(error.Message);
            throw;
        }
    }

    private static RecordingResult Record(Tracefs tracefs, RecordingOptions options)
    {
        using var recorder = Recorder.Prepare(tracefs, options);
        recorder.Start();
        Thread.Sleep(200);
        return recorder.Finish();
    }

    private static long Count(string file)
    {
        using var trace = TraceFile.Open(file);
        var dispatch = new EventDispatch();
        foreach (var format in trace.Formats)
            dispatch.Set(format, 1);
        var reader = trace.OpenReader(dispatch);
        long count = 0;
        while (reader.TryRead(out _))
            count++;
        Assert.Empty(trace.Damage);
        return count;
    }

    private static string[] Instances(Tracefs tracefs) =>
        [.. Directory.GetDirectories(tracefs.Instances).Order(StringComparer.Ordinal)];

    private string[] Files() =>
        [.. Directory.GetFiles(_directory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private string PathOf(string file) => Path.Combine(_directory, file);
}
