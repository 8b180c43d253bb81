using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

internal sealed partial class CpuScanner
{
    private const byte IrqIsDevice = 1;
    private const byte IrqIsTimer = 2;
    private const byte IrqIsIpi = 3;

    /// <summary>Writes what waited for the next event, now that its kind is known.</summary>
    private void Flush(EventKind next, ulong time, in TraceEvent e = default)
    {
        if (_faultReturn != 0)
        {
            // The handler of a fault has no exit event: taken as over after the slack, or at the next event.
            _out.Step(Math.Min(_faultReturn, time), StepCode.User);
            _faultReturn = 0;
        }

        // The end of the envelope around an IPI is no event of its own.
        if (_interruptEnding && !(next == EventKind.IrqExit && _ipiEnvelopes > 0))
        {
            _interruptEnding = false;
            // A system call that begins right behind the handler was already under way when the interrupt came. Where
            // user mode has its own events, no time is needed to tell: the way
            // back to user mode would have had one.
            var hitKernel =
                next is EventKind.SystemCallEnter or EventKind.OwnEntry or EventKind.PageFault
                && (_tracked || time - _interruptEnd < _slack);
            _out.Add(RecordKind.InterruptExit, _interruptEnd).Detail = hitKernel ? (byte)1 : (byte)0;
        }

        if (_leaving != CpuState.Unknown && !SaysTheSame(next, e))
        {
            // arm64 wraps an IPI into irq_handler_entry: what it is comes one event later.
            if (next == EventKind.IrqEntry && Classify(e) == IrqIsIpi)
                return;
            WriteLeave(CauseOf(next, e));
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
                && (uint)_plan.IdleState.ReadUInt64(e.Payload) == uint.MaxValue,
            _ => false,
        };

    private void OpenEnvelope(EventKind next)
    {
        _envelopeOpen = false;
        if (next == EventKind.IpiEntry)
        {
            _ipiEnvelopes++;
            return;
        }

        // ipi_entry was not recorded: a function that runs tells a function call.
        var cause = next == EventKind.CsdEntry ? EntryCause.FunctionCall : EntryCause.OtherIpi;
        WriteEntry(cause, VectorForm.Any, _envelopeTime, _envelopePid, _envelopePreemption);
    }

    private void WriteLeave(EntryCause cause)
    {
        var from = _leaving;
        _leaving = CpuState.Unknown;
        _activityNoted = false;
        if (from == CpuState.User && !cause.IsInterrupt())
        {
            _out.Step(
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
        ref var record = ref _out.Add(kind, _leftAt);
        record.Pid = _leftPid;
        record.Detail = (byte)cause;
    }

    private EntryCause CauseOf(EventKind next, in TraceEvent e) =>
        next switch
        {
            EventKind.SystemCallEnter or EventKind.OwnEntry => EntryCause.SystemCall,
            EventKind.PageFault => EntryCause.Exception,
            EventKind.FunctionManyEntry or EventKind.FunctionSingleEntry => EntryCause.FunctionCall,
            EventKind.RescheduleEntry => EntryCause.Reschedule,
            EventKind.TimerEntry => EntryCause.Tick,
            EventKind.IrqWorkEntry => EntryCause.IrqWork,
            EventKind.OtherVectorEntry => EntryCause.Device,
            EventKind.Nmi => EntryCause.Nmi,
            EventKind.IpiEntry => _plan.CauseOfReason(_plan.Minor(EventKind.IpiEntry).ReadUInt64(e.Payload)),
            EventKind.IrqEntry => Classify(e) == IrqIsTimer ? EntryCause.Tick : EntryCause.Device,
            // Inside an envelope whose ipi_entry was not recorded.
            EventKind.CsdEntry when _envelopeOpen => EntryCause.FunctionCall,
            _ when _envelopeOpen => EntryCause.OtherIpi,
            _ => _leaving == CpuState.User ? EntryCause.Other : EntryCause.None,
        };

    private void OnInterruptEvent(EventKind kind, in TraceEvent e, ulong time)
    {
        switch (kind)
        {
            case EventKind.IrqEntry when Classify(e) == IrqIsIpi:
                _envelopeOpen = true;
                _envelopeTime = time;
                _envelopePid = e.Pid;
                _envelopePreemption = PreemptionOf(e);
                break;
            case EventKind.IrqEntry:
            case EventKind.IpiEntry:
            case >= EventKind.FunctionManyEntry and <= EventKind.OtherVectorEntry:
                var form = kind switch
                {
                    EventKind.FunctionManyEntry => VectorForm.Many,
                    EventKind.FunctionSingleEntry => VectorForm.Single,
                    _ => VectorForm.Any,
                };
                WriteEntry(CauseOf(kind, e), form, time, e.Pid, PreemptionOf(e));
                if (kind == EventKind.IrqEntry)
                    _out.Records[_out.RecordCount - 1].C = 1 + (uint)_plan.IrqNumber.ReadUInt64(e.Payload);
                break;
            case EventKind.IrqExit:
                _irqExitSeen = true;
                // The end of an envelope whose ipi_exit has been: the same interrupt.
                if (_ipiEnvelopes > 0)
                    _ipiEnvelopes--;
                else
                    EndInterrupt(time);
                break;
            case EventKind.IpiExit:
            case EventKind.VectorExit:
                EndInterrupt(time);
                break;
        }
    }

    /// <summary>How deep preemption was off; the count that the kernel records ends at 15.</summary>
    private byte PreemptionOf(in TraceEvent e) =>
        (byte)Math.Max(0, (e.PreemptCount & 0xF) - _plan.PreemptionOfRecorder);

    private void WriteEntry(EntryCause cause, VectorForm form, ulong time, int pid, byte preemption)
    {
        // Handlers run with interrupts off: a second one shows that the first is over, where exits were not recorded.
        if (_irqDepth > 0 && !_irqExitSeen)
            EndUnseen(time);
        _activityNoted = false;
        _irqDepth++;
        ref var record = ref _out.Add(RecordKind.InterruptEntry, time);
        record.Pid = pid;
        record.Detail = (byte)cause;
        record.A = preemption;
        record.B = (ulong)form;
        if (cause == EntryCause.Tick)
            record.Extra = _tickKeptBy;
    }

    private void EndInterrupt(ulong time)
    {
        if (_irqDepth == 0)
            return; // its entry lies before the trace
        _irqDepth--;
        _interruptEnding = true;
        _interruptEnd = time;
    }

    /// <summary>Interrupts whose end was not recorded are over: an event of another context says so.</summary>
    private void EndUnseen(ulong time)
    {
        for (; _irqDepth > 0; _irqDepth--)
            _out.Add(RecordKind.InterruptExit, time);
        _ipiEnvelopes = 0;
    }

    private byte Classify(in TraceEvent e)
    {
        var number = (uint)_plan.IrqNumber.ReadUInt64(e.Payload);
        if (number < _irqClasses.Length && _irqClasses[number] != 0)
            return _irqClasses[number];
        var name = _plan.IrqName.ReadBytes(e.Payload);
        if (_irqNames.Count < MostNames)
            _irqNames.TryAdd((int)number, _plan.IrqName.ReadText(e.Payload));
        var known =
            name.StartsWith("IPI"u8) ? IrqIsIpi
            : name.IndexOf("timer"u8) >= 0 ? IrqIsTimer
            : IrqIsDevice;
        if (number < _irqClasses.Length)
            _irqClasses[number] = known;
        return known;
    }
}
