using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>The interrupts that a CPU is in, as far as their entries and ends were recorded.</summary>
internal sealed class InterruptNesting(RecordWriter records)
{
    private bool _handlerExitSeen;

    public int Depth { get; private set; }

    /// <summary>How many IPIs of arm64 are open whose wrapping interrupt has not ended.</summary>
    public int IpiEnvelopes { get; private set; }

    public void Enter(EntryCause cause, VectorForm form, ulong time, int pid, byte preemption, int tickKeptBy)
    {
        // Handlers run with interrupts off: a second one shows that the first is over, where exits were not recorded.
        if (Depth > 0 && !_handlerExitSeen)
            EndUnseen(time);
        records.ChangeState();
        Depth++;
        ref var record = ref records.Add(RecordKind.InterruptEntry, time);
        record.Pid = pid;
        record.Detail = (byte)cause;
        record.A = preemption;
        record.B = (ulong)form;
        if (cause == EntryCause.Tick)
            record.Extra = tickKeptBy;
    }

    /// <summary>An IPI begins in the interrupt that wraps it.</summary>
    public void EnterEnvelope() => IpiEnvelopes++;

    /// <summary>irq_handler_exit.</summary>
    /// <returns>Whether it ends an interrupt; otherwise it is the end of an envelope whose ipi_exit has been.</returns>
    public bool EndHandler()
    {
        _handlerExitSeen = true;
        if (IpiEnvelopes == 0)
            return End();
        IpiEnvelopes--;
        return false;
    }

    /// <summary>The innermost interrupt ends.</summary>
    /// <returns>Whether there is one: the entry may lie before the trace.</returns>
    public bool End()
    {
        if (Depth == 0)
            return false;
        Depth--;
        return true;
    }

    /// <summary>Interrupts whose end was not recorded are over: an event of another context says so.</summary>
    public void EndUnseen(ulong time)
    {
        for (; Depth > 0; Depth--)
            records.Add(RecordKind.InterruptExit, time);
        IpiEnvelopes = 0;
    }

    /// <summary>Nothing is known of the interrupts that were open.</summary>
    public void Forget()
    {
        Depth = 0;
        IpiEnvelopes = 0;
    }
}
