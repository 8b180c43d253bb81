using System.Globalization;
using Lazykick.Checking.Properties;
using Lazykick.Cli.Output;
using Lazykick.Traces;
using Lazykick.Traces.Anonymising;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Files;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Report;

/// <summary>
/// Runs <c>report FILE --anonymise OUT</c>: a copy that can be sent to somebody. The copy is read again, and its totals
/// must be those of the original.
/// </summary>
internal sealed class AnonymiseRun(
    ReportSettings settings,
    string path,
    TextWriter errors,
    CancellationToken cancellation
)
{
    // What a CPU did before the part that was asked for tells its state there; what comes after it, the fate of kicks
    // that were on their way at its end.
    private const double FirstLeadSeconds = 1;

    public int Execute(Terminal terminal)
    {
        if (settings.Files.Count != 1)
        {
            errors.WriteLine("lazykick: --anonymise takes one FILE");
            return ExitStatus.WrongInput;
        }

        var file = settings.Files[0];
        if (!ReportFile.AreApart([file], [path], errors))
            return ExitStatus.WrongInput;

        try
        {
            using var trace = TraceFile.Open(file, cancellation);
            return Copy(trace, file, terminal);
        }
        catch (TraceException error)
        {
            errors.WriteLine($"lazykick: {error.Message}");
        }
        catch (NotSupportedException error)
        {
            errors.WriteLine($"lazykick: {file}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"lazykick: {path}: {error.Message}");
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine($"lazykick: {file}: interrupted");
            File.Delete(path);
            return ExitStatus.GaveUp;
        }

        return ExitStatus.WrongInput;
    }

    private int Copy(TraceFile trace, string file, Terminal terminal)
    {
        var times = new TraceTimes(trace);
        var (from, to) = (settings.From?.On(times), settings.To?.On(times));
        var original = Analyze(trace, from, to);
        var selection = original.Selection;
        if (selection.Duration == 0)
        {
            errors.WriteLine(
                settings.Phase is { } phase
                    ? $"lazykick: {file}: there is no phase '{phase}'"
                    : $"lazykick: {file}: nothing was recorded in the part that was asked for"
            );
            return ExitStatus.WrongInput;
        }

        // In the copy a time after the first event would be another one.
        var span = settings.Phase is null
            ? ((TracePoint?)new TracePoint(selection.From, false), (TracePoint?)new TracePoint(selection.To, false))
            : (from, to);
        var expected = ReportTotals.Of(original);
        for (
            var (lead, tail) = (FirstLeadSeconds, 0.0);
            ;
            (lead, tail) = tail == 0 ? (lead, lead) : (8 * lead, 8 * tail)
        )
        {
            var before = times.FromSeconds((decimal)lead, relative: true);
            var begin = selection.From - Math.Min(selection.From, before);
            var end = selection.To + times.FromSeconds((decimal)tail, relative: true);
            var events = AnonymousCopy.Write(trace, path, begin, end, cancellation);
            using (var copy = TraceFile.Open(path, cancellation))
            {
                var copied = Analyze(copy, span.Item1, span.Item2);
                if (ReportTotals.Of(copied) == expected && ReportTotals.TellsAll(original, copied))
                {
                    Tell(terminal, events, times.Duration(selection.Duration));
                    return ExitStatus.Done;
                }
            }

            if (begin > original.Start || end < original.End)
                continue;
            File.Delete(path);
            errors.WriteLine($"lazykick: {file}: no copy was written: its totals would differ from the original's");
            return ExitStatus.CannotTell;
        }
    }

    private TraceReport Analyze(TraceFile trace, TracePoint? from, TracePoint? to) =>
        TraceAnalysis.Run(
            trace,
            new AnalysisOptions
            {
                Schemes = SchemePolicies.OfCatalogue(trace.Machine, PropertyList.IsPromised),
                From = from,
                To = to,
                Phase = settings.Phase,
            },
            cancellation
        );

    private void Tell(Terminal terminal, long events, string duration)
    {
        var count = events.ToString("N0", CultureInfo.InvariantCulture);
        terminal.Line($"{path}: {count} events, {duration}; the totals are those of the original.");
        terminal.Line(
            "Replaced: names of tasks, addresses, arguments of system calls, texts. Kept: times, pids, CPUs, names of"
        );
        terminal.Line(
            "functions, of the kernel's threads, of devices' interrupts and of phases, the kernel's version."
        );
    }
}
