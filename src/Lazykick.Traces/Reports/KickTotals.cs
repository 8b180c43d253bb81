using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>
/// Kicks to one CPU. Kicks asked for and interrupts sent are different counts: a target that has work queued already
/// gets no second interrupt, one that polls gets none at all.
/// </summary>
public sealed class KickTotals
{
    private readonly long[] _verdicts;
    private readonly long[] _interruptVerdicts;
    private readonly long[] _askedStates;
    private readonly long[] _sentStates;
    private readonly LogHistogram _latency;

    internal KickTotals(CpuTotals totals)
    {
        _verdicts = totals.Verdicts;
        _interruptVerdicts = totals.InterruptVerdicts;
        _askedStates = totals.AskedStates;
        _sentStates = totals.SentStates;
        _latency = totals.Latency;
        Interrupts = totals.Deliveries[(int)KickDelivery.Interrupt];
        Coalesced = totals.Deliveries[(int)KickDelivery.Coalesced];
        WithoutInterrupt = totals.Deliveries[(int)KickDelivery.WithoutInterrupt];
        Undecided = totals.Deliveries[(int)KickDelivery.Unknown];
        WakesWithoutInterrupt = totals.WakesWithoutInterrupt;
        Unattributed = totals.Unattributed;
        NotArrived = totals.NotArrived;
        SelfKicks = totals.SelfKicks;
        DoubtfulNeedless = totals.DoubtfulNeedless;
    }

    /// <summary>Kicks asked for.</summary>
    public long Count => _verdicts.Sum();

    /// <summary>Interrupts sent for them.</summary>
    public long Interrupts { get; }

    /// <summary>Kicks that found work queued at the target and rode on its interrupt.</summary>
    public long Coalesced { get; }

    /// <summary>Kicks that the target took up without any interrupt.</summary>
    public long WithoutInterrupt { get; }

    /// <summary>
    /// Kicks whose delivery the trace does not show: it ends, or events are missing, before the sender's decision.
    /// </summary>
    public long Undecided { get; }

    /// <summary>Reschedule kicks that the target saw while it polled: no interrupt, but an exit from idle.</summary>
    public long WakesWithoutInterrupt { get; }

    /// <summary>Interrupts among <see cref="Interrupts"/> whose sending the trace does not show.</summary>
    public long Unattributed { get; }

    /// <summary>Interrupts sent that were not seen to arrive: the end of the trace, or lost events.</summary>
    public long NotArrived { get; }

    /// <summary>Interrupts that the CPU sent to itself (irq_work); in none of the other counts.</summary>
    public long SelfKicks { get; }

    /// <summary>Needless kicks sent so close to a change of state that they may have been needed.</summary>
    public long DoubtfulNeedless { get; }

    /// <summary>Kicks asked for, by verdict.</summary>
    public long Verdict(KickVerdict verdict) => _verdicts[(int)verdict];

    /// <summary>Interrupts sent, by verdict.</summary>
    public long InterruptVerdict(KickVerdict verdict) => _interruptVerdicts[(int)verdict];

    /// <summary>Kicks asked for, by class of function and state of the target at that moment.</summary>
    public long Asked(Deferrability deferrability, CpuState state) => _askedStates[CpuTotals.At(deferrability, state)];

    /// <summary>
    /// Interrupts sent, by class of function and state of the target when the interrupt was sent: a little after the
    /// kick was asked for.
    /// </summary>
    public long Sent(Deferrability deferrability, CpuState state) => _sentStates[CpuTotals.At(deferrability, state)];

    /// <summary>Interrupts sent to a state, whatever the function.</summary>
    public long Sent(CpuState state) =>
        Enum.GetValues<Deferrability>().Sum(deferrability => Sent(deferrability, state));

    /// <summary>Interrupts sent for functions of a class, whatever the state.</summary>
    public long Sent(Deferrability deferrability) =>
        Enum.GetValues<CpuState>().Sum(state => Sent(deferrability, state));

    /// <summary>
    /// Time from asking to the run of the function that a share of kicks does not exceed, in units of the trace clock,
    /// to within 12 %.
    /// </summary>
    public ValueRange LatencyQuantile(double share) => _latency.Quantile(share);

    /// <summary>The longest time from asking to the run.</summary>
    public ulong LongestLatency => _latency.Largest;
}
