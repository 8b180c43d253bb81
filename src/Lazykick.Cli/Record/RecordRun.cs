using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces.Recording;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Record;

/// <summary>Runs <c>record</c>: prepares, records until told to stop, writes the file, says what is in it.</summary>
internal sealed class RecordRun(RecordSettings settings, CancellationToken cancellation)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public int Execute()
    {
        Process? child = null;
        try
        {
            var tracefs = Tracefs.Find();
            foreach (var dead in Recorder.SweepDead(tracefs))
                Note($"removed {dead}, which a recorder left behind that was killed");
            using var recorder = Recorder.Prepare(tracefs, settings.Options);
            Announce(recorder);
            recorder.Start();
            if (settings.Command.Count > 0)
                child = StartCommand();
            Wait(recorder, child);
            var result = recorder.Finish();
            Print(recorder, result);
            return result.Failure is null ? ExitStatus.Done : ExitStatus.GaveUp;
        }
        catch (RecordingException error)
        {
            Console.Error.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        finally
        {
            child?.Dispose();
        }
    }

    private Process StartCommand()
    {
        try
        {
            var start = new ProcessStartInfo(settings.Command[0], settings.Command.Skip(1));
            KeypadMode.GiveBack(start);
            return Process.Start(start)
                ?? throw new RecordingException($"{settings.Command[0]}: cannot be started");
        }
        catch (Win32Exception error)
        {
            throw new RecordingException($"{settings.Command[0]}: cannot be started: {error.Message}", error);
        }
    }

    private void Announce(Recorder recorder)
    {
        foreach (var missing in recorder.Plan.Missing)
            Note($"this kernel has no {missing.FullName}: the trace will not tell {missing.Lost}");
        foreach (var note in recorder.Notes)
            Note(note);
        var cpus = settings.Options.Cpus is { } list ? $"CPUs {CpuListText.Of(list)}" : "all CPUs";
        var end =
            settings.Command.Count > 0 ? $"until {settings.Command[0]} ends"
            : settings.Time is { } time ? $"for {time.TotalSeconds:0.###} s"
            : "until Ctrl-C";
        Note(
            string.Create(CultureInfo.InvariantCulture, $"recording {cpus}, {recorder.Plan.Events.Count} events, {end}")
        );
    }

    private void Wait(Recorder recorder, Process? child)
    {
        var started = Stopwatch.GetTimestamp();
        var line = new RecordProgressLine();
        while (recorder.Failure is null)
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            var left = settings.Time is { } time ? time - elapsed : s_look;
            if (left <= TimeSpan.Zero || child is { HasExited: true })
                break;
            if (cancellation.WaitHandle.WaitOne(left < s_look ? left : s_look))
                break;
            line.Update(recorder, elapsed);
        }

        RecordProgressLine.Done();
        // Ctrl-C on a terminal reaches the command as well; a signal to this process alone does not.
        if (child is { HasExited: false })
            Note($"{settings.Command[0]} goes on: recording has ended before it");
        else if (child is { ExitCode: not 0 })
            Note($"{settings.Command[0]} ended with status {child.ExitCode}");
    }

    private void Print(Recorder recorder, RecordingResult result)
    {
        if (settings.Json)
        {
            JsonOutput.Print(Document(recorder, result), JsonOutput.Documents.RecordDocument);
            return;
        }

        var terminal = Terminal.Standard;
        var seconds = result.Elapsed.TotalSeconds;
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.File}: {result.Events:N0} events in {seconds:F1} s ({result.Events / seconds:N0} a second), "
                    + $"{result.Bytes / 1e6:N1} MB"
            )
        );
        foreach (var (cpu, lost) in result.LostByCpu)
        {
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"CPU {cpu} lost {lost:N0} events: its buffer was full. Try --buffer-mib "
                        + $"{settings.Options.BufferKiB >> 8}, or fewer events"
                )
            );
        }

        if (result.LostByCpu.Count == 0)
            terminal.Line("no event was lost");
        if (result.Failure is { } failure)
            terminal.Line($"the recording ended early: {failure}");
        var cpus = settings.Options.Cpus is { } list ? $" --cpus {CpuListText.Of(list)}" : "";
        terminal.Line($"next: lazykick report {result.File}{cpus}");
    }

    private RecordDocument Document(Recorder recorder, RecordingResult result) =>
        new(
            "lazykick.record/1",
            result.File,
            result.Elapsed.TotalSeconds,
            result.Bytes,
            result.Events,
            settings.Options.Cpus,
            result.LostByCpu,
            result.Failure,
            [.. recorder.Plan.Events.Select(e => e.FullName)],
            [.. recorder.Plan.Missing.Select(m => new MissingEvent(m.FullName, m.Lost))],
            recorder.Notes
        );

    private static void Note(string text) => Console.Error.WriteLine($"lazykick: {text}");
}
