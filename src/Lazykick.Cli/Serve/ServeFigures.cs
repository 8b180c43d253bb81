using System.Diagnostics.Metrics;
using Lazykick.Cli.Report;
using Lazykick.Cli.Watch;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Serve;

/// <summary>
/// The totals of a live analysis as measurements. A figure that the events cannot tell is left out, and named by
/// <see cref="NotKnown"/>: it is never 0.
/// </summary>
internal sealed class ServeFigures
{
    private static readonly CpuState[] s_states = Enum.GetValues<CpuState>();
    private static readonly KickVerdict[] s_verdicts = Enum.GetValues<KickVerdict>();
    private static readonly EntryCause[] s_causes = [.. Enum.GetValues<EntryCause>().Where(Breaks.IsOutside)];

    public List<Measurement<double>> StateTime { get; } = [];

    public List<Measurement<long>> BreakCounts { get; } = [];

    public List<Measurement<double>> BreakTime { get; } = [];

    public List<Measurement<double>> LongestBreak { get; } = [];

    public List<Measurement<long>> Kicks { get; } = [];

    public List<Measurement<long>> FunctionKicks { get; } = [];

    public List<Measurement<double>> FunctionStolen { get; } = [];

    public List<Measurement<long>> CauseBreaks { get; } = [];

    public List<Measurement<double>> CauseStolen { get; } = [];

    public List<Measurement<long>> NotKnown { get; } = [];

    public List<Measurement<long>> Lost { get; } = [];

    /// <summary>Takes the totals of a report.</summary>
    /// <param name="report">The report; it shows its totals as they go on, and is not kept.</param>
    /// <param name="names">The names that labels have so far.</param>
    public static ServeFigures Of(TraceReport report, ServeNames names)
    {
        var figures = new ServeFigures();
        figures.Lost.Add(new(report.LostEvents));
        var times = new TraceTimes(report.Trace);
        foreach (var cpu in report.Selection.Cpus)
            figures.Add(cpu, times);
        figures.AddFunctions(report, names, times);
        names.AddCauses(report.BreakCauses);
        foreach (var (cause, sum) in names.Causes)
        {
            figures.CauseBreaks.Add(new(sum.Count, Tag("cause", cause)));
            figures.CauseStolen.Add(new(times.Nanoseconds(sum.Time) / 1e9, Tag("cause", cause)));
        }

        return figures;
    }

    private void Add(CpuReport cpu, TraceTimes times)
    {
        foreach (var state in s_states)
        {
            // That nothing is known of it is always known.
            if (CpuFigures.OfState(state) is { } figure && !LiveKnowledge.Tells(cpu, figure))
                continue;
            var seconds = times.Round(cpu.Time(state)) / 1e9;
            StateTime.Add(new(seconds, Tag("cpu", cpu.Cpu), Tag("state", TraceWords.Csv(state))));
        }

        if (LiveKnowledge.Tells(cpu, Figure.Breaks))
        {
            foreach (var cause in s_causes)
            {
                var count = Breaks.OfUser(cpu, one => one == cause);
                BreakCounts.Add(new(count, Tag("cpu", cpu.Cpu), Tag("cause", TraceWords.Csv(cause))));
            }
        }

        if (LiveKnowledge.Tells(cpu, Figure.BreakTime))
        {
            foreach (var cause in s_causes)
            {
                var time = times.Nanoseconds(Breaks.TimeOfUser(cpu, one => one == cause)) / 1e9;
                BreakTime.Add(new(time, Tag("cpu", cpu.Cpu), Tag("cause", TraceWords.Csv(cause))));
            }

            LongestBreak.Add(new(times.Nanoseconds(cpu.LongestBreak) / 1e9, Tag("cpu", cpu.Cpu)));
        }

        foreach (var verdict in s_verdicts)
        {
            if (LiveKnowledge.Tells(cpu, CpuFigures.Of(verdict)))
            {
                var count = cpu.Kicks.Verdict(verdict);
                Kicks.Add(new(count, Tag("cpu", cpu.Cpu), Tag("verdict", TraceWords.Csv(verdict))));
            }
        }

        foreach (var figure in CpuFigures.NamesWithout(figure => LiveKnowledge.Tells(cpu, figure)))
            NotKnown.Add(new(1, Tag("cpu", cpu.Cpu), Tag("figure", figure)));
    }

    private void AddFunctions(TraceReport report, ServeNames names, TraceTimes times)
    {
        var sums = new Dictionary<(string Function, string Class), (long Kicks, ulong Stolen)>();
        foreach (var sender in report.Senders)
        {
            // A distance inside a function has no place in a label.
            var function = (sender.Function ?? TraceWords.Csv(sender.Vector)).Split('+')[0];
            var key = names.OfFunction(function) is { } own
                ? (own, sender.Row?.KickClass ?? "unlisted")
                : (ServeNames.Other, "unlisted");
            var sum = sums.GetValueOrDefault(key);
            sums[key] = (sum.Kicks + sender.Kicks, sum.Stolen + sender.Stolen);
        }

        foreach (var ((function, kickClass), (kicks, stolen)) in sums)
        {
            FunctionKicks.Add(new(kicks, Tag("function", function), Tag("class", kickClass)));
            var seconds = times.Nanoseconds(stolen) / 1e9;
            FunctionStolen.Add(new(seconds, Tag("function", function), Tag("class", kickClass)));
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
