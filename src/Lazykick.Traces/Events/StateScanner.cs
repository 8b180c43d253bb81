using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>Reads how a CPU goes between user mode, the kernel, idle and guests by its own doing.</summary>
internal sealed class StateScanner(EventPlan plan, RecordWriter records, Lookahead lookahead)
{
    private bool _rcuTellsUser;
    private bool _hasIdleEvents = plan.HasIdleEvents;
    private CpuState _where;

    /// <summary>User mode has events of its own on this CPU: context tracking, or RCU.</summary>
    public bool IsTracked { get; private set; }

    /// <summary>The task that runs is in a system call.</summary>
    public bool InSystemCall { get; set; }

    public void EnterSystemCall(ulong time)
    {
        InSystemCall = true;
        if (!IsTracked)
            records.Step(time, StepCode.SystemCall);
    }

    public void ExitSystemCall(ulong time)
    {
        InSystemCall = false;
        if (!IsTracked)
            records.Step(time, StepCode.User);
    }

    public void UserEnter(ulong time)
    {
        Track(time);
        if (!_rcuTellsUser)
            EnterUser(time);
    }

    public void UserExit(in TraceEvent e, ulong time)
    {
        Track(time);
        if (!_rcuTellsUser)
            Leave(CpuState.User, time, e.Pid);
    }

    public void Fault(ulong time)
    {
        if (IsTracked)
            return;
        records.Step(time, StepCode.Exception);
        lookahead.HoldFault(time);
    }

    public void EnterGuest(in TraceEvent e, ulong time)
    {
        _where = CpuState.Guest;
        records.ChangeState();
        records.Add(RecordKind.EnterGuest, e, time);
    }

    public void LeaveGuest(in TraceEvent e, ulong time) => Leave(CpuState.Guest, time, e.Pid);

    /// <summary>Another task runs.</summary>
    public void Switch(int next, in TraceEvent e, ulong time)
    {
        InSystemCall = false;
        // Where no event tells idle, the idle task does: it runs from here on.
        if (next == 0 && !_hasIdleEvents && !plan.HasRcuEvents)
            EnterIdle(IdleNotes.Returns | IdleNotes.FromSwitch, e, time);
    }

    /// <summary>Events are missing: the state is not known.</summary>
    public void Forget()
    {
        _where = CpuState.Unknown;
        InSystemCall = false;
    }

    public void CpuIdle(in TraceEvent e, ulong time)
    {
        _hasIdleEvents = true;
        var state = (uint)plan.IdleState.ReadUInt64(e.Payload);
        if (state == uint.MaxValue)
        {
            Leave(CpuState.Idle, time, e.Pid);
            return;
        }

        EnterIdle(state == 0 ? IdleNotes.Returns : IdleNotes.None, e, time);
    }

    public void Rcu(EventKind kind, in TraceEvent e, ulong time)
    {
        var text = plan.TextAt(plan.Minor(kind).ReadUInt64(e.Payload));
        if (text is null)
            return;
        // The two events name the same thing from opposite ends: 6.12 turned "Start" and "End" round.
        var starts = text.StartsWith("Start", StringComparison.Ordinal);
        if (!starts && !text.StartsWith("End", StringComparison.Ordinal))
            return;
        var leaves = starts == (kind == EventKind.RcuWatching);
        if (e.Pid == 0)
            RcuOfIdle(leaves, e, time);
        else
            RcuOfUser(leaves, e.Pid, time);
    }

    private void Track(ulong time)
    {
        if (IsTracked)
            return;
        IsTracked = true;
        records.Add(RecordKind.Tracked, time);
    }

    private void EnterUser(ulong time)
    {
        if (_where == CpuState.User)
            return;
        _where = CpuState.User;
        records.ChangeState();
        InSystemCall = false;
        records.Step(time, StepCode.User);
    }

    /// <summary>The CPU leaves a state outside the kernel; the next event tells why.</summary>
    private void Leave(CpuState from, ulong time, int pid)
    {
        if (lookahead.IsLeaving)
            return;
        if (from == CpuState.User && _where is not (CpuState.User or CpuState.Unknown))
            return;
        lookahead.HoldExit(from, time, pid);
        _where = CpuState.Kernel;
    }

    /// <summary>
    /// RCU stops watching a moment after context tracking says that user mode is entered, and what RCU says is what a
    /// kick goes by. A CPU whose tasks RCU watches all the time has no such event, and no context tracking.
    /// </summary>
    private void RcuOfUser(bool leaves, int pid, ulong time)
    {
        Track(time);
        _rcuTellsUser = true;
        if (leaves)
            Leave(CpuState.User, time, pid);
        else
            EnterUser(time);
    }

    /// <summary>
    /// cpu_idle and RCU tell idle within a microsecond of each other; cpu_idle tells it once a wake-up, where RCU tells
    /// each interrupt.
    /// </summary>
    private void RcuOfIdle(bool leaves, in TraceEvent e, ulong time)
    {
        if (_hasIdleEvents)
            return;
        if (leaves)
            Leave(CpuState.Idle, time, e.Pid);
        else if (_where != CpuState.Idle)
            EnterIdle(IdleNotes.None, e, time);
    }

    private void EnterIdle(IdleNotes notes, in TraceEvent e, ulong time)
    {
        _where = CpuState.Idle;
        records.ChangeState();
        records.Add(RecordKind.EnterIdle, e, time).Detail = (byte)notes;
    }
}
