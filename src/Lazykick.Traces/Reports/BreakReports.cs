using System.Globalization;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>Gives names to breaks.</summary>
internal sealed class BreakReports(ReportSource source, CauseNamer namer)
{
    // include/linux/interrupt.h, softirq_to_name.
    private static readonly string[] s_softIrqs =
    [
        "HI",
        "TIMER",
        "NET_TX",
        "NET_RX",
        "BLOCK",
        "IRQ_POLL",
        "TASKLET",
        "SCHED",
        "HRTIMER",
        "RCU",
    ];

    private readonly bool _tellsSoftIrqs =
        source.Trace.Find("irq", "softirq_entry") is { } format && source.Trace.IsSwitchedOn(format);

    /// <summary>The longest, the longest first.</summary>
    public IReadOnlyList<BreakReport> Worst => [.. source.Ledger.Breaks.Worst.Select(Of)];

    /// <summary>All breaks by cause, the one that stole most time first.</summary>
    public IReadOnlyList<BreakCauseReport> Causes => CausesOf(source.Ledger.Breaks.Causes);

    /// <summary>The same of one CPU.</summary>
    public IReadOnlyList<BreakCauseReport> CausesOf(int cpu) => CausesOf(source.Ledger.Breaks.CausesOf(cpu));

    /// <summary>All wake-ups from idle by cause, the one that took most time first.</summary>
    public IReadOnlyList<BreakCauseReport> WakeCauses => CausesOf(source.Ledger.Wakes.Causes);

    private IReadOnlyList<BreakCauseReport> CausesOf(IReadOnlyDictionary<BreakKey, BreakTotals.Sum> causes) =>
        [
            .. causes
                .GroupBy(cause => namer.Of(cause.Key).Name, StringComparer.Ordinal)
                .Select(CauseOf)
                .OrderByDescending(static cause => cause.Time)
                .ThenByDescending(static cause => cause.Count)
                .ThenBy(static cause => cause.Cause.Name, StringComparer.Ordinal),
        ];

    private BreakCauseReport CauseOf(IEnumerable<KeyValuePair<BreakKey, BreakTotals.Sum>> group)
    {
        var breaks = group
            .OrderByDescending(static cause => cause.Value.Time)
            .ThenBy(cause => TextOf(cause.Key), StringComparer.Ordinal)
            .ToList();
        var first = breaks[0].Key;
        var functions = breaks
            .Select(cause => namer.Name(cause.Key.Blamed?.Function ?? 0))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return new BreakCauseReport
        {
            Cause = namer.Of(first),
            Interrupt = first.Cause,
            Functions = functions,
            Row = functions.Count > 0 ? source.Functions.Find(functions[0].Split('+')[0]) : null,
            Device = namer.Device(first.Cause, first.Irq),
            Senders =
            [
                .. breaks
                    .Where(static cause => cause.Key.Blamed is { Pid: >= 0 })
                    .GroupBy(cause => TaskOf(cause.Key.Blamed!.Value.Pid), StringComparer.Ordinal)
                    .Select(static task => new BreakSender(
                        task.Key,
                        task.Sum(static cause => cause.Value.Count),
                        (ulong)task.Sum(static cause => (long)cause.Value.Time)
                    ))
                    .OrderByDescending(static task => task.Time),
            ],
            SoftIrqs = _tellsSoftIrqs
                ? SoftIrqsOf(breaks.Aggregate(0u, static (bits, cause) => bits | cause.Value.SoftIrqs))
                : null,
            Stack = namer.StackOf(breaks.Find(static cause => cause.Key.Blamed is { Stack: not 0 }).Key.Blamed),
            Count = breaks.Sum(static cause => cause.Value.Count),
            Time = (ulong)breaks.Sum(static cause => (long)cause.Value.Time),
            Longest = breaks.Max(static cause => cause.Value.Longest),
        };
    }

    /// <summary>Something of a key that orders equal times alike in every run.</summary>
    private static string TextOf(BreakKey key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{key.Irq} {key.Timer:x} {key.Next} {key.Blamed?.Function:x} {key.Blamed?.CallSite:x} {key.Blamed?.Pid} "
                + $"{key.Blamed?.Call} {key.Blamed?.Stack}"
        );

    private BreakReport Of(BreakDetail detail)
    {
        var sender = detail.Key.Blamed;
        return new BreakReport
        {
            Cpu = detail.Cpu,
            Start = detail.Start,
            Duration = detail.Duration,
            Of = detail.Of,
            Cause = namer.Of(detail.Key),
            Chain = [.. detail.Chain.Select(step => (step.Cause, namer.Device(step.Cause, step.Irq)))],
            Task = TaskOf(detail.Pid),
            Sender = sender is { Pid: >= 0 } known ? TaskOf(known.Pid) : null,
            Function = namer.Name(sender?.Function ?? 0),
            CallSite = namer.Name(sender?.CallSite ?? 0),
            SystemCall = namer.CallOf(sender),
            Stack = namer.StackOf(sender),
        };
    }

    private static IReadOnlyList<string> SoftIrqsOf(uint bits) =>
        [.. s_softIrqs.Where((_, number) => (bits & (1u << number)) != 0)];

    private string TaskOf(int pid) =>
        string.Create(CultureInfo.InvariantCulture, $"{source.Trace.TaskNames.Find(pid) ?? "?"}-{pid}");
}
