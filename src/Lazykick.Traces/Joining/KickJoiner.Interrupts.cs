namespace Lazykick.Traces;

internal sealed partial class KickJoiner
{
    // Deeper nesting than hard interrupt in soft interrupt in NMI comes from lost exits.
    private const int DeepestNesting = 16;

    private void OnInterruptEntry(CpuLife cpu, in CpuRecord record, ulong time)
    {
        var cause = (EntryCause)record.Detail;
        if (cpu.Depth == DeepestNesting)
            DropFrames(cpu, time);
        if (cpu.Frames.Count == cpu.Depth)
            cpu.Frames.Add(new InterruptFrame());
        var frame = cpu.Frames[cpu.Depth];
        frame.Cause = cause;
        frame.Form = (VectorForm)record.B;
        frame.Entry = time;
        frame.OpenedBracket = false;
        frame.Further = null;
        frame.Scopes = _scopes.Open;
        frame.ExitsBefore = cpu.Exits;
        frame.Hit = WhatIsHit(cpu, frame, record.A != 0, record.Pid, time);
        frame.Before = cpu.State;
        cpu.Depth++;

        if (cpu.BracketOpen)
        {
            if (cpu.BracketInterrupts == 0 && !frame.OpenedBracket)
                frame.ExitsBefore = cpu.BracketExits;
            frame.Further =
                cpu.BracketInterrupts > 0 && frame.Hit == CpuState.Kernel && cpu.Depth == 1 ? cpu.BracketState : null;
            cpu.BracketAvoided &= cause == EntryCause.FunctionCall ? SkippedByAll(cpu) : 0;
            cpu.BracketInterrupts++;
        }

        Set(cpu, CpuState.Kernel, time);
    }

    /// <summary>
    /// The state that an interrupt hit. Where a state event tells the exit, it stands in front of the interrupt's own
    /// event: adjacency decides, not the state at the entry.
    /// </summary>
    private CpuState WhatIsHit(CpuLife cpu, InterruptFrame frame, bool preemptionOff, int pid, ulong time)
    {
        if (cpu.Depth > 0)
            return CpuState.Kernel;
        if (cpu.BracketOpen)
        {
            // A further interrupt of the same wake-up still hits the idle task; of a user or guest bracket it hits the
            // kernel.
            return cpu.BracketInterrupts == 0 || cpu.BracketState == CpuState.Idle ? cpu.BracketState : CpuState.Kernel;
        }

        if (cpu.State == CpuState.Unknown && !cpu.Tracked && !preemptionOff && pid != 0 && !_tasks.IsKernelThread(pid))
        {
            // A task that was never seen in a system call and can be preempted: a loop in user mode, most likely.
            cpu.Mode = TaskMode.User;
            cpu.State = CpuState.User;
        }

        if (!cpu.State.IsOutsideKernel())
            return cpu.State;
        // User mode runs with preemption on; what the task's system calls say is older.
        if (cpu.State == CpuState.User && preemptionOff)
            return CpuState.Kernel;
        var hit = cpu.State;
        OpenBracket(cpu, hit, frame.Cause, time);
        frame.OpenedBracket = true;
        frame.ExitsBefore = cpu.BracketExits;
        return hit;
    }

    private void OnInterruptExit(CpuLife cpu, bool hitKernel, ulong time)
    {
        if (cpu.Depth == 0)
            return;
        var frame = cpu.Frames[--cpu.Depth];
        if (hitKernel && frame.Hit is CpuState.User or CpuState.UserEqs)
            AmendToKernel(cpu, frame, time);

        CountInterrupt(cpu, frame);
        Settle(cpu, frame, time);

        var back = frame.Before;
        if (cpu.BracketOpen && cpu.BracketLeft)
            back = CpuState.Kernel;
        Set(cpu, back, time);
        if (cpu.BracketOpen && !cpu.BracketLeft && cpu.Depth == 0 && (cpu.BracketState != CpuState.Idle || cpu.Polling))
            CloseBracket(cpu, time);
    }

    /// <summary>
    /// The task had come into the kernel by itself when the interrupt came: no break, and what was on its way arrived
    /// too late.
    /// </summary>
    private void AmendToKernel(CpuLife cpu, InterruptFrame frame, ulong time)
    {
        frame.Hit = CpuState.Kernel;
        frame.ExitsBefore = cpu.Exits;
        frame.Before = CpuState.Kernel;
        if (!cpu.BracketOpen)
            return;
        cpu.BracketOpen = false;
        cpu.BracketAvoided = 0;
        CountSelfExits(cpu, 1);
        CatchUp(cpu, ~0UL);
        Set(cpu, CpuState.Kernel, time);
    }

    private void OnNmi(CpuLife cpu, ulong time)
    {
        var hit = cpu.BracketOpen ? CpuState.Kernel : cpu.State;
        var at = CpuTotals.At(EntryCause.Nmi, hit);
        foreach (var scope in _scopes.Of(_scopes.Open))
        {
            var totals = scope[cpu.Cpu];
            totals.Interrupts[at]++;
            // An NMI leaves no state event: it is a break of its own, of unknown length.
            if (hit.IsOutsideKernel())
                totals.Breaks[at]++;
        }

        if (hit.IsOutsideKernel())
        {
            cpu.Exits++;
            Doubt(cpu, time);
        }

        cpu.BracketAvoided = 0;
    }

    /// <summary>Gives up on interrupts whose end was not seen.</summary>
    private void DropFrames(CpuLife cpu, ulong time)
    {
        while (cpu.Depth > 0)
        {
            var frame = cpu.Frames[--cpu.Depth];
            CountInterrupt(cpu, frame);
            Settle(cpu, frame, time);
        }
    }

    private void CountInterrupt(CpuLife cpu, InterruptFrame frame)
    {
        var at = CpuTotals.At(frame.Cause, frame.Hit);
        foreach (var scope in _scopes.Of(frame.Scopes))
        {
            var totals = scope[cpu.Cpu];
            totals.Interrupts[at]++;
            if (frame.Further is { } broken)
                totals.Further[CpuTotals.At(frame.Cause, broken)]++;
        }
    }
}
