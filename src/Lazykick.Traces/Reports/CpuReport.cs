using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>One CPU: what it did, what interrupted it, who kicked it.</summary>
public sealed class CpuReport
{
    private readonly ulong[] _times;
    private readonly long[] _interrupts;
    private readonly long[] _breaks;
    private readonly long[] _further;
    private readonly ulong[] _breakTimes;
    private readonly LogHistogram _breakDurations;

    internal CpuReport(
        int cpu,
        bool isTracked,
        bool hasEvents,
        CpuTotals totals,
        IEnumerable<(SkipRule Rule, int Policy)> rules
    )
    {
        Cpu = cpu;
        IsTracked = isTracked;
        HasEvents = hasEvents;
        _times = totals.Times;
        _interrupts = totals.Interrupts;
        _breaks = totals.Breaks;
        _further = totals.Further;
        _breakTimes = totals.BreakTimes;
        SelfExits = totals.SelfExits;
        _breakDurations = totals.BreakDurations;
        BreakSquares = totals.BreakSquares;
        Kicks = new KickTotals(totals);
        Schemes = [.. rules.Select(rule => new SchemePrice(rule.Rule, rule.Policy, totals.Schemes, Kicks.Interrupts))];
    }

    /// <summary>The CPU.</summary>
    public int Cpu { get; }

    /// <summary>Which of its figures the trace can tell.</summary>
    public required Knowledge Knowledge { get; init; }

    /// <summary>Context tracking (or RCU) told its user mode: user mode is an EQS there.</summary>
    public bool IsTracked { get; }

    /// <summary>The trace has events recorded on this CPU; without them only kicks to it are known.</summary>
    public bool HasEvents { get; }

    /// <summary>Times that the CPU left user mode or idle by its own doing: system calls, exceptions.</summary>
    public long SelfExits { get; }

    /// <summary>Needless kicks whatever is missing or in doubt.</summary>
    public long NeedlessAtLeast =>
        Knowledge.Of(Figure.Needless) is Certainty.Known or Certainty.AtLeast
            ? Kicks.Verdict(KickVerdict.Needless) - Kicks.DoubtfulNeedless
            : 0;

    /// <summary>Needless kicks if everything unknown was one; null where the trace gives no upper bound.</summary>
    public long? NeedlessAtMost =>
        Knowledge.BoundsNeedless ? Kicks.Verdict(KickVerdict.Needless) + Kicks.Verdict(KickVerdict.Unknown) : null;

    /// <summary>
    /// How long a share of the breaks of user mode and guests from outside did not exceed, in units of the trace clock,
    /// to within 12 %.
    /// </summary>
    public ValueRange BreakQuantile(double share) => _breakDurations.Quantile(share);

    /// <summary>The longest of these breaks.</summary>
    public ulong LongestBreak => _breakDurations.Largest;

    /// <summary>The sum of the squares of these breaks' times, in units of the trace clock squared.</summary>
    public double BreakSquares { get; }

    /// <summary>Kicks that other CPUs sent to it.</summary>
    public KickTotals Kicks { get; }

    /// <summary>What each scheme would have changed.</summary>
    public IReadOnlyList<SchemePrice> Schemes { get; }

    /// <summary>Time in a state, in units of the trace clock.</summary>
    public ulong Time(CpuState state) => _times[(int)state];

    /// <summary>Interrupts of a cause that hit a state.</summary>
    public long Interrupts(EntryCause cause, CpuState state) => _interrupts[CpuTotals.At(cause, state)];

    /// <summary>Interrupts of a cause, whatever they hit: comparable with /proc/interrupts.</summary>
    public long Interrupts(EntryCause cause) => Enum.GetValues<CpuState>().Sum(state => Interrupts(cause, state));

    /// <summary>
    /// Times that a cause ended a state outside the kernel: for user mode these are the breaks of isolation, for idle
    /// the wake-ups. Further interrupts before the return are not counted again.
    /// </summary>
    public long Breaks(EntryCause cause, CpuState state) => _breaks[CpuTotals.At(cause, state)];

    /// <summary>
    /// Interrupts that came inside a break of this state, before the return: they hit the kernel, and broke nothing
    /// that was not broken already. A stack taken at their entry may still show user mode below.
    /// </summary>
    public long Further(EntryCause cause, CpuState state) => _further[CpuTotals.At(cause, state)];

    /// <summary>Time from such a break to the return, in units of the trace clock.</summary>
    public ulong BreakTime(EntryCause cause, CpuState state) => _breakTimes[CpuTotals.At(cause, state)];
}
