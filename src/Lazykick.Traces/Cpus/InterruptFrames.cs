using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Cpus;

/// <summary>The interrupt handlers that run on a CPU, the innermost last, and what each of them hit.</summary>
internal sealed class InterruptFrames(CpuTimeline cpu, ICpuObserver observer, KernelThreadNames tasks)
{
    // Deeper nesting than hard interrupt in soft interrupt in NMI comes from lost exits.
    private const int DeepestNesting = 16;

    private readonly List<InterruptFrame> _frames = [];

    /// <summary>Handlers that run.</summary>
    public int Depth { get; private set; }

    /// <summary>A handler that runs, the outermost at 0.</summary>
    public InterruptFrame this[int depth] => _frames[depth];

    public void Enter(in CpuRecord record, ulong time)
    {
        if (Depth == DeepestNesting)
            Drop(time);
        if (_frames.Count == Depth)
            _frames.Add(new InterruptFrame(Depth));
        var frame = _frames[Depth];
        frame.Cause = (EntryCause)record.Detail;
        frame.Form = (VectorForm)record.B;
        frame.Irq = (int)record.C - 1;
        frame.TickKeptBy = record.Extra;
        frame.Entry = time;
        frame.OpenedBreak = false;
        frame.Further = null;
        frame.ExitsBefore = cpu.Exits;
        frame.Hit = WhatIsHit(frame, record.A != 0, record.Pid, time);
        frame.Before = cpu.State;
        Depth++;

        var open = cpu.Break;
        if (open.IsOpen)
        {
            if (open.Interrupts == 0 && !frame.OpenedBreak)
                frame.ExitsBefore = open.ExitsBefore;
            if (open.Interrupts > 0 && frame.Hit == CpuState.Kernel && Depth == 1)
                frame.Further = open.Of;
            open.Add(frame);
        }

        observer.InterruptBegan(cpu, frame);
        cpu.Set(CpuState.Kernel, time);
    }

    public void Exit(bool hitKernel, ulong time)
    {
        if (Depth == 0)
            return;
        var frame = _frames[--Depth];
        if (hitKernel && frame.Hit is CpuState.User or CpuState.UserEqs)
        {
            // The task had come into the kernel by itself when the interrupt came: no break.
            frame.Hit = CpuState.Kernel;
            frame.ExitsBefore = cpu.Exits;
            frame.Before = CpuState.Kernel;
            cpu.WithdrawBreak(time);
        }

        observer.InterruptEnded(cpu, frame, time);
        cpu.ReturnFromInterrupt(frame, time);
    }

    /// <summary>Gives up on interrupts whose end was not seen.</summary>
    public void Drop(ulong time)
    {
        while (Depth > 0)
            observer.InterruptEnded(cpu, _frames[--Depth], time);
    }

    /// <summary>Forgets the interrupts: events are missing.</summary>
    public void Forget() => Depth = 0;

    /// <summary>
    /// The state that an interrupt hit. Where a state event tells the exit, that event comes before the interrupt's
    /// own: adjacency decides, not the state at the entry.
    /// </summary>
    private CpuState WhatIsHit(InterruptFrame frame, bool preemptionOff, int pid, ulong time)
    {
        if (Depth > 0)
            return CpuState.Kernel;
        var open = cpu.Break;
        if (open.IsOpen)
        {
            // A further interrupt of the same wake-up still hits the idle task; one inside a break of user or guest
            // mode hits the kernel.
            return open.Interrupts == 0 || open.Of == CpuState.Idle ? open.Of : CpuState.Kernel;
        }

        // A task that was never seen in a system call and can be preempted: a loop in user mode, most likely.
        if (cpu.State == CpuState.Unknown && !cpu.IsTracked && !preemptionOff && pid != 0 && !tasks.IsKernelThread(pid))
            cpu.TakeForUser();

        if (!cpu.State.IsOutsideKernel())
            return cpu.State;
        // User mode runs with preemption on; what the task's system calls say is older.
        if (cpu.State == CpuState.User && preemptionOff)
            return CpuState.Kernel;
        var hit = cpu.State;
        cpu.OpenBreak(hit, frame.Cause, pid, time);
        frame.OpenedBreak = true;
        frame.ExitsBefore = open.ExitsBefore;
        return hit;
    }
}
