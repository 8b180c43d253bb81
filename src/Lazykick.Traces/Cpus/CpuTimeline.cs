using System.Runtime.CompilerServices;
using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Cpus;

/// <summary>
/// The state of one CPU at every moment, from its own records: user mode, idle and guests with the breaks that end
/// them, and the interrupts that run.
/// </summary>
internal sealed class CpuTimeline
{
    private readonly ICpuObserver _observer;
    private readonly TaskMemory _memory;
    private readonly RecentStates _recent = new();
    private int _call;

    /// <param name="cpu">The CPU.</param>
    /// <param name="records">Its records; null for a CPU that is only known as a target.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="memory">What tasks did when they last ran: shared by all CPUs.</param>
    /// <param name="tasks">Which tasks are the kernel's own.</param>
    public CpuTimeline(
        int cpu,
        RecordCursor? records,
        ICpuObserver observer,
        TaskMemory memory,
        KernelThreadNames tasks
    )
    {
        Cpu = cpu;
        Records = records;
        _observer = observer;
        _memory = memory;
        Interrupts = new InterruptFrames(this, observer, tasks);
    }

    public int Cpu { get; }

    public RecordCursor? Records { get; }

    public CpuState State { get; private set; }

    /// <summary>Up to when <see cref="Times"/> has been filled.</summary>
    public ulong Since { get; private set; }

    /// <summary>Time spent in each state.</summary>
    public ulong[] Times { get; } = new ulong[CpuStates.Count];

    /// <summary>Context tracking or RCU tells user mode.</summary>
    public bool IsTracked { get; private set; }

    /// <summary>Where the task is that runs, as its system calls tell.</summary>
    public TaskMode Mode { get; private set; }

    /// <summary>An interrupt returns to idle without an event that says so.</summary>
    public bool ReturnsToIdle { get; private set; }

    /// <summary>Number of times that the CPU left a state outside the kernel.</summary>
    public long Exits { get; private set; }

    public Break Break { get; } = new();

    /// <summary>Receives every stretch of a state as <see cref="Times"/> counts it; null for nobody.</summary>
    public Action<CpuState, ulong, ulong>? OnState { get; init; }

    /// <summary>The system call in which the task is that a record tells of.</summary>
    public int CallOf(in CpuRecord record) => record.Extra == CallNote.Inherited ? _call : record.Extra;

    public InterruptFrames Interrupts { get; }

    public void Begin(ulong start) => Since = start;

    /// <summary>The state before the first event, as that event tells it.</summary>
    public void SetInitial(CpuState state) => State = state;

    /// <summary>The state a moment ago.</summary>
    public CpuState StateAt(ulong time) => _recent.At(time, State);

    /// <summary>The states from a moment ago until now, a bit each.</summary>
    public uint StatesSince(ulong time) => _recent.Since(time, State);

    /// <summary>Plays the steps up to a time that another CPU has reached.</summary>
    public void Advance(ulong time)
    {
        if (Records is { IsFinished: false } records)
            AdvanceTo(records.StepsUntil(time));
    }

    /// <summary>Plays the steps before the current record.</summary>
    public void AdvanceToRecord() => AdvanceTo(Records!.StepsBeforeCurrent);

    /// <summary>Brings <see cref="Times"/> up to a time.</summary>
    public void Spend(ulong time)
    {
        if (time <= Since)
            return;
        Times[(int)State] += time - Since;
        OnState?.Invoke(State, Since, time);
        Since = time;
    }

    public void Set(CpuState state, ulong time)
    {
        Spend(time);
        if (state != State)
            _recent.Add(time, State);
        State = state;
    }

    /// <summary>From here on context tracking (or RCU) says when the CPU is in user mode.</summary>
    public void Track()
    {
        IsTracked = true;
        if (State == CpuState.User)
            State = CpuState.UserEqs;
    }

    /// <summary>Nothing says where the task is, but what hit it makes user mode likely.</summary>
    public void TakeForUser()
    {
        Mode = TaskMode.User;
        State = CpuState.User;
    }

    /// <summary>A state event says that the CPU left a state outside the kernel, and the next event said why.</summary>
    public void Leave(CpuState from, EntryCause cause, int pid, ulong time)
    {
        if (Break.IsOpen && Break.Of != from)
            CloseBreak(time);
        // x86 says that idle ended after the interrupt that ended it: the break is open then.
        if (!Break.IsOpen)
            OpenBreak(from, cause, pid, time);
        Break.HasLeft = true;
        Set(CpuState.Kernel, time);
    }

    /// <summary>The CPU is back outside the kernel.</summary>
    public void Return(CpuState state, ulong time)
    {
        if (Break.IsOpen)
            CloseBreak(time);
        Set(state, time);
    }

    public void EnterIdle(IdleNotes notes, ulong time)
    {
        Return(CpuState.Idle, time);
        ReturnsToIdle = notes.HasFlag(IdleNotes.Returns);
    }

    public void OpenBreak(CpuState of, EntryCause cause, int pid, ulong time)
    {
        Break.Open(of, cause, pid, time, Exits);
        Exits++;
        _observer.BreakBegan(this, time);
    }

    /// <summary>An interrupt that seemed to open a break hit the kernel.</summary>
    public void WithdrawBreak(ulong time)
    {
        if (!Break.IsOpen)
            return;
        Break.Close();
        _observer.BreakWithdrawn(this, time);
        Set(CpuState.Kernel, time);
    }

    public void ReturnFromInterrupt(InterruptFrame frame, ulong time)
    {
        Set(Break is { IsOpen: true, HasLeft: true } ? CpuState.Kernel : frame.Before, time);
        if (
            Break is { IsOpen: true, HasLeft: false }
            && Interrupts.Depth == 0
            && (Break.Of != CpuState.Idle || ReturnsToIdle)
        )
        {
            CloseBreak(time);
        }
    }

    /// <summary>An NMI leaves no state event: it is a break of its own, of unknown length.</summary>
    public void Nmi(int pid, ulong time)
    {
        var hit = Break.IsOpen ? CpuState.Kernel : State;
        if (hit.IsOutsideKernel())
            Exits++;
        _observer.NmiHit(this, hit, pid, time);
        _observer.Worked(this);
    }

    public void Switch(in CpuRecord record, ulong time)
    {
        Interrupts.Drop(time);
        var notes = (SwitchNotes)record.Detail;
        var next = (int)record.B;
        KeepMode((int)record.A, notes);
        KeepCall((int)record.A, CallOf(record), notes);
        _call = _memory.Calls[next];
        Mode = next == 0 || notes.HasFlag(SwitchNotes.NextIsKernelThread) ? TaskMode.Kernel : _memory.Modes[next];
        if (Break.IsOpen)
        {
            Break.SwitchTo(next);
            // Somebody had work for this CPU: no scheme keeps it where it was.
            _observer.Worked(this);
            if (Break.Of is CpuState.Idle or CpuState.User)
                CloseBreak(time);
        }
        else if (State.IsOutsideKernel())
        {
            Exits++;
            _observer.CameUnseen(this);
        }

        Set(StateAfterSwitch(), time);
    }

    /// <summary>Events are missing before a time.</summary>
    public void Lose(ulong time)
    {
        var since = Since;
        Break.Close();
        Interrupts.Forget();
        Mode = TaskMode.Unknown;
        _call = CallNote.Unknown;
        Exits++;
        // What was lost may have been anything since the last event that is there.
        State = CpuState.Unknown;
        Spend(time);
        _observer.EventsLost(this, since, time);
    }

    public void Finish(ulong end)
    {
        Interrupts.Drop(end);
        if (Break.IsOpen)
            CloseBreak(end);
    }

    private void CloseBreak(ulong time)
    {
        Break.Close();
        _observer.BreakEnded(this, time);
    }

    private void KeepMode(int previous, SwitchNotes notes)
    {
        if (previous == 0)
            return;
        var mode = Mode;
        if (IsTracked)
        {
            mode =
                notes.HasFlag(SwitchNotes.PreviousInSystemCall) ? TaskMode.SystemCall
                : mode == TaskMode.Kernel ? mode
                : TaskMode.User;
        }

        _memory.Modes[previous] = notes.HasFlag(SwitchNotes.PreviousDead) ? TaskMode.Unknown : mode;
    }

    private void KeepCall(int previous, int call, SwitchNotes notes)
    {
        if (previous != 0)
            _memory.Calls[previous] = notes.HasFlag(SwitchNotes.PreviousDead) ? CallNote.Unknown : call;
    }

    /// <summary>
    /// A task that was preempted in user mode goes back there without an event of its own; where context tracking is
    /// on, it has one.
    /// </summary>
    private CpuState StateAfterSwitch() =>
        Mode switch
        {
            TaskMode.User when !IsTracked => CpuState.User,
            TaskMode.Unknown when !IsTracked => CpuState.Unknown,
            _ => CpuState.Kernel,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AdvanceTo(int end)
    {
        var records = Records!;
        if (records.NextStep >= end)
            return;
        var steps = records.TakeSteps(end);
        if (IsTracked | Break.IsOpen | Interrupts.Depth != 0 | OnState is not null || _observer.IsWaitedFor(this))
        {
            foreach (var step in steps)
                Step(step >> 2, (StepCode)(step & 3));
            return;
        }

        // The storm case: system calls of a CPU that nobody is interested in at the moment.
        var since = Since;
        var state = (int)State;
        var times = Times;
        var before = State;
        long exits = 0;
        foreach (var step in steps)
        {
            var time = Math.Max(step >> 2, since);
            times[state] += time - since;
            since = time;
            before = (CpuState)state;
            var toUser = (step & 3) == (ulong)StepCode.User;
            if (!toUser && state >= (int)CpuState.User)
                exits++;
            state = toUser ? (int)CpuState.User : (int)CpuState.Kernel;
        }

        Since = since;
        State = (CpuState)state;
        // The last change is enough: who asks looks back a few microseconds.
        if (before != State)
            _recent.Add(since, before);
        Mode = state == (int)CpuState.User ? TaskMode.User : TaskMode.SystemCall;
        Exits += exits;
        if (exits > 0)
            _observer.CameByItself(this, exits, since);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ulong time, StepCode code)
    {
        time = Math.Max(time, Since);
        // The end of an interrupt was lost: no task's own doing happens inside one.
        Interrupts.Drop(time);
        if (code == StepCode.User)
        {
            Mode = TaskMode.User;
            Return(IsTracked ? CpuState.UserEqs : CpuState.User, time);
            return;
        }

        Mode = code == StepCode.SystemCall ? TaskMode.SystemCall : TaskMode.User;
        if (Break.IsOpen)
        {
            // Inside a break the task can only have come back unseen.
            _observer.Worked(this);
            CloseBreak(time);
        }

        if (State.IsOutsideKernel())
        {
            Exits++;
            _observer.CameByItself(this, 1, time);
        }

        Set(CpuState.Kernel, time);
    }
}
