using System.Globalization;
using Lazykick.Cli.Output;
using Lazykick.Traces;
using Lazykick.Traces.Live;
using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Record;

/// <summary>
/// <c>record --until-break</c>: analyses live, keeps the newest events in memory, and writes them when user mode of a
/// recorded CPU was interrupted for longer than a threshold.
/// </summary>
internal sealed class BreakHunt(RecordSettings settings, TimeSpan threshold, CancellationToken cancellation)
{
    // No totals are wanted on the way.
    private static readonly TimeSpan s_never = TimeSpan.FromDays(1);

    // What led to the break: at 40 bytes an event some 200,000 events of each CPU.
    private const long KeptBytes = 8L << 20;

    public int Execute()
    {
        try
        {
            // Now, and not when the break has come that somebody waited for.
            if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(settings.Options.Output))))
            {
                throw new RecordingException(
                    $"{settings.Options.Output}: cannot be written here: there is no such directory"
                );
            }

            var tracefs = Tracefs.Find();
            foreach (var dead in Recorder.SweepDead(tracefs))
                Note($"removed {dead}, which a recorder left behind that was killed");
            using var analysis = LiveAnalysis.Prepare(tracefs, settings.Options, KeptBytes);
            foreach (var missing in analysis.Plan.Missing)
                Note($"this kernel has no {missing.FullName}: the trace will not tell {missing.Lost}");
            foreach (var note in analysis.Notes)
                Note(note);
            Note(
                $"waiting for a break of user mode longer than {threshold.TotalMicroseconds:0.###} us, until "
                    + $"Ctrl-C{(settings.Time is { } time ? $", {time.TotalSeconds:0.###} s at most" : "")}"
            );
            if (Wait(analysis) is not { } found)
            {
                Note("no break was that long; nothing is written");
                return ExitStatus.GaveUp;
            }

            var bytes = analysis.Save(settings.Options.Output);
            Print(found, bytes);
            return ExitStatus.Done;
        }
        catch (RecordingException error)
        {
            Console.Error.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"lazykick: {settings.Options.Output}: cannot be written: {error.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private Found? Wait(LiveAnalysis analysis)
    {
        Found? found = null;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (settings.Time is { } time)
            ending.CancelAfter(time);
        analysis.Run(
            new AnalysisOptions
            {
                OnBreak = (cpu, start, duration) =>
                {
                    if (found is not null || duration < threshold.TotalNanoseconds || !Wants(cpu))
                        return;
                    found = new Found(cpu, start, duration);
                    ending.Cancel();
                },
            },
            s_never,
            static _ => { },
            ending.Token
        );
        return found;
    }

    private bool Wants(int cpu) => settings.Options.Cpus is not { } cpus || cpus.Contains(cpu);

    private void Print(Found found, long bytes)
    {
        var terminal = Terminal.Standard;
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"CPU {found.Cpu} was interrupted for {found.Duration / 1e3:N1} us at {found.Start / 1e9:F6} s of the "
                    + $"trace clock"
            )
        );
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Options.Output}: the newest events of each CPU up to it, {bytes / 1e6:N1} MB"
            )
        );
        terminal.Line($"next: lazykick report {settings.Options.Output} --cpus {found.Cpu}");
    }

    /// <summary>The break, in nanoseconds of the trace clock.</summary>
    private sealed record Found(int Cpu, ulong Start, ulong Duration);

    private static void Note(string text) => Console.Error.WriteLine($"lazykick: {text}");
}
