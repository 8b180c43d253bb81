using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>
/// What waits for the event that follows, since that alone tells the meaning: an exit from user mode, idle or a guest
/// (what caused it?), the end of an interrupt (did it hit the first instructions of a system call?), the interrupt into
/// which arm64 wraps an IPI (which one?), and the return from a fault (which has no event).
/// </summary>
internal sealed class Lookahead(
    EventPlan plan,
    RecordWriter records,
    InterruptNesting interrupts,
    IrqClassifier irqs,
    EntryCauseFinder causes,
    ulong slack
)
{
    private CpuState _leaving;
    private ulong _leftAt;
    private int _leftPid;

    private bool _interruptEnding;
    private ulong _interruptEnd;

    private bool _envelopeOpen;
    private ulong _envelopeTime;
    private int _envelopePid;
    private byte _envelopePreemption;

    private ulong _faultReturn;

    /// <summary>Something waits for the next event.</summary>
    public bool IsHolding => _leaving != CpuState.Unknown || _interruptEnding || _envelopeOpen || _faultReturn != 0;

    /// <summary>An exit from a state outside the kernel waits.</summary>
    public bool IsLeaving => _leaving != CpuState.Unknown;

    /// <summary>The time before which nothing waits, at most <paramref name="time"/>.</summary>
    public ulong Earliest(ulong time)
    {
        if (_leaving != CpuState.Unknown)
            time = Math.Min(time, _leftAt);
        if (_interruptEnding)
            time = Math.Min(time, _interruptEnd);
        if (_envelopeOpen)
            time = Math.Min(time, _envelopeTime);
        if (_faultReturn != 0)
            time = Math.Min(time, _faultReturn - slack);
        return time;
    }

    public void HoldExit(CpuState from, ulong time, int pid)
    {
        _leaving = from;
        _leftAt = time;
        _leftPid = pid;
    }

    public void HoldInterruptEnd(ulong time)
    {
        _interruptEnding = true;
        _interruptEnd = time;
    }

    public void HoldEnvelope(ulong time, int pid, byte preemption)
    {
        _envelopeOpen = true;
        _envelopeTime = time;
        _envelopePid = pid;
        _envelopePreemption = preemption;
    }

    /// <summary>A fault's handler has no exit event: taken as over after the slack, or at the next event.</summary>
    public void HoldFault(ulong time) => _faultReturn = time + slack;

    /// <summary>Writes what waited for the next event, now that its kind is known.</summary>
    /// <param name="next">The next event's kind.</param>
    /// <param name="time">Its time.</param>
    /// <param name="isTracked">User mode has events of its own.</param>
    /// <param name="e">The next event.</param>
    public void Flush(EventKind next, ulong time, bool isTracked, in TraceEvent e = default)
    {
        if (_faultReturn != 0)
        {
            records.Step(Math.Min(_faultReturn, time), StepCode.User);
            _faultReturn = 0;
        }

        // The end of the envelope around an IPI is no event of its own.
        if (_interruptEnding && !(next == EventKind.IrqExit && interrupts.IpiEnvelopes > 0))
        {
            _interruptEnding = false;
            // A system call that begins right after the handler was already under way when the interrupt came. Where
            // user mode has its own events, no time is needed to tell: the way back to user mode would have had one.
            var hitKernel =
                next is EventKind.SystemCallEnter or EventKind.OwnEntry or EventKind.PageFault
                && (isTracked || time - _interruptEnd < slack);
            records.Add(RecordKind.InterruptExit, _interruptEnd).Detail = hitKernel ? (byte)1 : (byte)0;
        }

        if (_leaving != CpuState.Unknown && !SaysTheSame(next, e))
        {
            // arm64 wraps an IPI into irq_handler_entry: what it is comes one event later.
            if (next == EventKind.IrqEntry && irqs.ClassOf(e) == IrqClass.Ipi)
                return;
            WriteExit(causes.Of(next, e) ?? CauseWithout(next));
        }

        if (_envelopeOpen)
            OpenEnvelope(next);
    }

    /// <summary>RCU, context tracking and cpu_idle tell the same exit one after another.</summary>
    private bool SaysTheSame(EventKind next, in TraceEvent e) =>
        next switch
        {
            EventKind.RcuWatching or EventKind.RcuDyntick or EventKind.UserExit => true,
            EventKind.CpuIdle => _leaving == CpuState.Idle
                && (uint)plan.IdleState.ReadUInt64(e.Payload) == uint.MaxValue,
            _ => false,
        };

    /// <summary>The cause of an exit where the next event tells none.</summary>
    private EntryCause CauseWithout(EventKind next)
    {
        if (_envelopeOpen)
            return CauseOfEnvelope(next);
        return _leaving == CpuState.User ? EntryCause.Other : EntryCause.None;
    }

    /// <summary>Where ipi_entry was not recorded: a function that runs tells a function call.</summary>
    private static EntryCause CauseOfEnvelope(EventKind next) =>
        next == EventKind.CsdEntry ? EntryCause.FunctionCall : EntryCause.OtherIpi;

    private void OpenEnvelope(EventKind next)
    {
        _envelopeOpen = false;
        if (next == EventKind.IpiEntry)
            interrupts.EnterEnvelope();
        else
            EnterEnvelope(CauseOfEnvelope(next));
    }

    private void EnterEnvelope(EntryCause cause) =>
        interrupts.Enter(cause, VectorForm.Any, _envelopeTime, _envelopePid, _envelopePreemption, tickKeptBy: 0);

    private void WriteExit(EntryCause cause)
    {
        var from = _leaving;
        _leaving = CpuState.Unknown;
        records.ChangeState();
        if (from == CpuState.User && !cause.IsInterrupt())
        {
            records.Step(
                _leftAt,
                cause switch
                {
                    EntryCause.SystemCall => StepCode.SystemCall,
                    EntryCause.Exception => StepCode.Exception,
                    _ => StepCode.OtherEntry,
                }
            );
            return;
        }

        var kind = from switch
        {
            CpuState.User => RecordKind.LeaveUser,
            CpuState.Idle => RecordKind.LeaveIdle,
            _ => RecordKind.LeaveGuest,
        };
        ref var record = ref records.Add(kind, _leftAt);
        record.Pid = _leftPid;
        record.Detail = (byte)cause;
    }
}
