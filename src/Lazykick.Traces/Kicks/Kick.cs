using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>A kick on its way: from the queueing on the sender to the run on the target.</summary>
internal sealed class Kick
{
    // Asked

    public required ulong QueueTime { get; init; }

    public required ulong CallSite { get; init; }

    /// <summary>The task that asked.</summary>
    public required int Pid { get; init; }

    public required int Sender { get; init; }

    public required int Target { get; init; }

    /// <summary>State of the target when it was asked.</summary>
    public required CpuState SendState { get; init; }

    /// <summary><see cref="CpuTimeline.Exits"/> of the target when it was asked.</summary>
    public required long ExitsAtSend { get; init; }

    /// <summary>When a lazy kick would have looked at its targets.</summary>
    public required ulong SampleTime { get; init; }

    /// <summary>How long looking at the targets takes: the time is not known better.</summary>
    public ulong SampleSpan { get; set; }

    /// <summary>State of the target at <see cref="SampleTime"/>: what a policy decides by.</summary>
    public CpuState SampleState { get; set; }

    /// <summary>The system call of the task that asked, as <see cref="Events.CallNote"/> has it.</summary>
    public required int Call { get; init; }

    /// <summary>Its call stack by its number in <see cref="CallStacks"/>; 0 for none.</summary>
    public int Stack { get; set; }

    /// <summary>The frames of that stack, the innermost first.</summary>
    public IReadOnlyList<ulong> Frames { get; set; } = [];

    /// <summary>The task that it wakes on the target; 0 for none, or where nothing tells it.</summary>
    public int Woken { get; set; }

    public ulong Function { get; set; }

    public ulong Csd { get; set; }

    public FunctionClass Class { get; set; } = null!;

    /// <summary>The interrupt that carries it.</summary>
    public EntryCause Vector { get; set; }

    /// <summary>It was sent within the error of a change of the target's state.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>The parts of the trace that were open when it was asked, a bit each.</summary>
    public ulong Scopes { get; set; }

    // Sent

    public KickDelivery Delivery { get; set; }

    public VectorForm Form { get; set; }

    /// <summary>State of the target when the interrupt was sent, a little later.</summary>
    public CpuState InterruptState { get; set; }

    /// <summary>Others were queued at the target when this one was.</summary>
    public bool FoundQueued { get; set; }

    /// <summary>Its targets are asked first whether they need it.</summary>
    public bool IsConditional { get; set; }

    /// <summary>An interrupt is on its way that has not been seen to arrive.</summary>
    public bool IsInFlight { get; set; }

    // Arrived

    /// <summary>It ran in an interrupt, whose entry the next two are about.</summary>
    public bool HasArrived { get; set; }

    public ulong ArrivalTime { get; set; }

    public CpuState ArrivalState { get; set; }

    /// <summary>The target left its state between the sending and the arrival.</summary>
    public bool LeftBefore { get; set; }

    /// <summary>
    /// Its function ran in the context of a task and outside of any interrupt: the interrupt is not in the trace.
    /// </summary>
    public bool IsArrivalMissing { get; set; }

    /// <summary>The function ran (or the interrupt without function arrived).</summary>
    public bool HasRun { get; set; }

    public ulong RunTime { get; set; }

    public ulong DoneTime { get; set; }

    /// <summary>It is over, and its observers were told.</summary>
    public bool IsOver { get; set; }

    // Priced

    /// <summary>Schemes that do without this kick, a bit each.</summary>
    public ulong Skip { get; set; }

    /// <summary>Schemes in which it cannot ride on another one as it did: those would have been skipped.</summary>
    public ulong Alone { get; set; }

    /// <summary>Whether it was needed, from what is known when it is over.</summary>
    public KickVerdict Verdict
    {
        get
        {
            if (Class.Deferrability == Deferrability.Never)
                return KickVerdict.NeverDeferrable;
            if (Class.Deferrability == Deferrability.Unknown || SendState == CpuState.Unknown)
                return KickVerdict.Unknown;
            if (!SendState.IsEqs())
                return KickVerdict.Needed;
            if (!HasRun || IsArrivalMissing)
                return KickVerdict.Unknown;
            return HasArrived && !LeftBefore && ArrivalState.IsEqs() ? KickVerdict.Needless : KickVerdict.Raced;
        }
    }

    public KickDetail ToDetail() =>
        new()
        {
            QueueTime = QueueTime,
            Sender = Sender,
            Pid = Pid,
            Target = Target,
            Function = Function,
            CallSite = CallSite,
            Vector = Vector,
            Delivery = Delivery,
            SendState = SendState,
            InterruptState = Delivery == KickDelivery.Interrupt ? InterruptState : null,
            ArrivalState = HasArrived ? ArrivalState : null,
            ArrivalTime = HasArrived ? ArrivalTime : null,
            RunTime = HasRun ? RunTime : null,
            RunDuration = HasRun && DoneTime > RunTime ? DoneTime - RunTime : null,
            Verdict = Verdict,
            SampleTime = SampleTime,
            SampleState = SampleState,
            SystemCall = Call > 0 ? Call - 1 : null,
            Stack = Frames,
        };
}
