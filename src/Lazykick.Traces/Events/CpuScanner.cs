using System.Runtime.CompilerServices;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Events;

/// <summary>
/// Condenses the events of one CPU. It keeps only what the order of events on this CPU decides; whatever needs another
/// CPU is for those who play the records (<see cref="Cpus"/>, <see cref="Kicks"/>). States, interrupts, kicks and
/// causes have scanners of their own; this one calls them.
/// </summary>
internal sealed class CpuScanner
{
    // Longer than any look-ahead to the next event.
    private const ulong PatienceNanoseconds = 10_000;
    private const ulong LatestTime = (1UL << 62) - 1;

    // common_flags: hardirq and NMI.
    private const byte InInterrupt = 0x48;

    private readonly EventPlan _plan;
    private readonly RecordWriter _records = new();
    private readonly SwitchedNames _names = new();
    private readonly IrqClassifier _irqs;
    private readonly InterruptNesting _nesting;
    private readonly Lookahead _lookahead;
    private readonly InitialState _initial;
    private readonly StateScanner _states;
    private readonly InterruptScanner _interrupts;
    private readonly CauseScanner _causes;
    private readonly KickScanner _kicks;

    private ulong _time;

    /// <param name="plan">The events of the trace.</param>
    /// <param name="slack">State events lie up to this far outside the change that they tell, in nanoseconds.</param>
    public CpuScanner(EventPlan plan, ulong slack)
    {
        _plan = plan;
        _irqs = new IrqClassifier(plan);
        _nesting = new InterruptNesting(_records);
        var causes = new EntryCauseFinder(plan, _irqs);
        _lookahead = new Lookahead(plan, _records, _nesting, _irqs, causes, slack);
        _initial = new InitialState(plan, _records);
        _states = new StateScanner(plan, _records, _lookahead);
        _interrupts = new InterruptScanner(plan, _records, _nesting, _irqs, causes, _lookahead);
        _causes = new CauseScanner(plan, _records);
        _kicks = new KickScanner(plan, _records, _causes);
    }

    /// <summary>Records too short for the fields of their format.</summary>
    public long Malformed => _kicks.Malformed;

    /// <summary>Names of device interrupts by number.</summary>
    public IReadOnlyDictionary<int, string> IrqNames => _irqs.Names;

    /// <summary>The kinds of events that this CPU has, a bit each (<see cref="EventKind"/>).</summary>
    public ulong Kinds { get; private set; }

    /// <summary>Task names that the scheduler's events told.</summary>
    public IEnumerable<KeyValuePair<int, string>> Names => _names.All;

    /// <summary>Where sys_enter has the number of the system call; 0 where nothing tells it.</summary>
    public int CallNumberOffset => _plan.CallNumberOffset;

    /// <summary>The event before told kicks, whose call stack is wanted.</summary>
    public bool WantsStack => _causes.WantsStack;

    /// <summary>Begins a chunk; the first one has room for the state before the first event.</summary>
    public void Begin(CpuChunk chunk)
    {
        _records.Open(chunk);
        _initial.Begin(chunk);
    }

    /// <summary>
    /// The events before a time have all been seen, and more may follow. What waits for the next event has waited long
    /// enough if that is not close by.
    /// </summary>
    public void Pause(ulong time)
    {
        if (time <= _time + PatienceNanoseconds)
            return;
        _lookahead.Flush(EventKind.None, _time, _states.IsTracked);
        _time = time;
    }

    /// <summary>Ends the chunk: everything that is certain has been written.</summary>
    public void End(bool final)
    {
        if (final)
            _lookahead.Flush(EventKind.None, _time, _states.IsTracked);
        _records.Add(RecordKind.End, _lookahead.Earliest(_time)).Detail = final ? (byte)1 : (byte)0;
        _initial.End();
    }

    /// <summary>
    /// The short way for the most frequent events of a busy machine, where nothing waits for them. False: take
    /// <see cref="Accept"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySystemCall(EventKind kind, ulong time, int number)
    {
        if (
            _states.IsTracked
            | _initial.IsOpen
            | _nesting.Depth > 0
            | _lookahead.IsHolding
            | time < _time
            | time > LatestTime
        )
        {
            return false;
        }

        _time = time;
        Kinds |= 1UL << (int)kind;
        _causes.WantsStack = false;
        var enters = kind == EventKind.SystemCallEnter;
        _states.InSystemCall = enters;
        _causes.Call = number;
        _records.Step(time, enters ? StepCode.SystemCall : StepCode.User);
        return true;
    }

    /// <summary>The call stack of the event before, the innermost frame first.</summary>
    public void AddStack(ReadOnlySpan<ulong> frames) => _causes.AddStack(frames, _time);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Accept(in TraceEvent e)
    {
        var kind = (EventKind)e.Tag;
        var time = Math.Max(_time, Math.Min(e.Timestamp, LatestTime));
        _time = time;
        Kinds |= 1UL << (int)kind;
        if (e.LostBefore)
            OnLost(time);
        if (kind >= EventKind.Stack)
        {
            _causes.Accept(kind, e, time);
            return;
        }

        _causes.WantsStack = false;
        if (_lookahead.IsHolding)
            _lookahead.Flush(kind, time, _states.IsTracked, e);
        if (_nesting.Depth > 0 && (e.Flags & InInterrupt) == 0)
            _nesting.EndUnseen(time);
        if (_initial.IsOpen)
            _initial.Consider(kind, e);

        switch (kind)
        {
            case EventKind.SystemCallEnter:
                _causes.Call = _causes.NumberOf(e);
                _states.EnterSystemCall(time);
                break;
            case EventKind.SystemCallExit:
                _causes.Call = CallNote.None;
                _states.ExitSystemCall(time);
                break;
            case EventKind.UserEnter:
                _states.UserEnter(time);
                break;
            case EventKind.UserExit:
                _states.UserExit(e, time);
                break;
            case EventKind.PageFault:
                _states.Fault(time);
                break;
            case EventKind.OwnEntry:
                break;
            case EventKind.CpuIdle:
                _states.CpuIdle(e, time);
                break;
            case EventKind.Switch:
                OnSwitch(e, time);
                break;
            case EventKind.SoftIrq:
                _records.AddActivity(e, time, (int)_plan.Minor(kind).ReadUInt64(e.Payload));
                break;
            case EventKind.Nmi:
                _records.Add(RecordKind.Nmi, e, time);
                break;
            case EventKind.GuestEnter:
                _states.EnterGuest(e, time);
                break;
            case EventKind.GuestExit:
                _states.LeaveGuest(e, time);
                break;
            case EventKind.RcuWatching:
            case EventKind.RcuDyntick:
                _states.Rcu(kind, e, time);
                break;
            case EventKind.Print:
                OnPrint(e, time);
                break;
            case >= EventKind.CsdQueue and <= EventKind.WakeWithoutIpi:
                _kicks.Accept(kind, e, time);
                break;
            case >= EventKind.ProbeKickCpu and <= EventKind.ProbeReschedule:
                _kicks.AcceptProbe(kind, e, time);
                break;
            default:
                _interrupts.Accept(kind, e, time, _causes.TickKeptBy);
                break;
        }
    }

    private void OnLost(ulong time)
    {
        _lookahead.Flush(EventKind.None, time, _states.IsTracked);
        _initial.Close();
        _states.Forget();
        _nesting.Forget();
        _causes.Forget();
        _records.Add(RecordKind.Lost, time);
    }

    private void OnSwitch(in TraceEvent e, ulong time)
    {
        var payload = e.Payload;
        var next = (int)_plan.SwitchNextPid.ReadInt64(payload);
        var notes = SwitchNotes.None;
        // EXIT_DEAD and EXIT_ZOMBIE as the event reports them (include/linux/sched.h, task_state_index).
        if ((_plan.SwitchPreviousState.ReadUInt64(payload) & 0x30) != 0)
            notes |= SwitchNotes.PreviousDead;
        if (_states.IsTracked && _states.InSystemCall)
            notes |= SwitchNotes.PreviousInSystemCall;
        var name = _plan.SwitchNextName.ReadBytes(payload);
        if (name.Length >= SwitchedNames.NameLength)
        {
            if (next != 0)
                _names.Add(next, name);
            if (KernelThreads.IsName(name))
                notes |= SwitchNotes.NextIsKernelThread;
        }

        ref var record = ref _records.Add(RecordKind.Switch, e, time);
        record.A = (uint)(int)_plan.SwitchPreviousPid.ReadInt64(payload);
        record.B = (uint)next;
        record.Detail = (byte)notes;
        record.Extra = _causes.Call;
        _causes.Call = CallNote.Inherited;
        _nesting.Forget();
        _states.Switch(next, e, time);
    }

    private void OnPrint(in TraceEvent e, ulong time)
    {
        if (!PhaseMark.TryParse(_plan.PrintText.ReadText(e.Payload), out var name, out var begins))
            return;
        ref var record = ref _records.Add(RecordKind.Phase, e, time);
        record.A = _records.AddText(name);
        record.Detail = begins ? (byte)1 : (byte)0;
    }
}
