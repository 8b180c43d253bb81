using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Names;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>
/// Condenses the events of one CPU. It keeps only what the order of events on this CPU decides; whatever needs another
/// CPU is the joiner's. Two things wait for the event that follows, since that alone tells their meaning: an exit from
/// user mode, idle or a guest (what caused it?), and the end of an interrupt (did it hit the first instructions of a
/// system call?).
/// </summary>
internal sealed partial class CpuScanner(EventPlan plan, ulong slack)
{
    // Only the first events of a CPU may say what it did before them: deterministic, whatever the size of chunks.
    private const int DecisiveEvents = 64;

    // Longer than any look-ahead to the next event.
    private const ulong PatienceNanoseconds = 10_000;
    private const ulong LatestTime = (1UL << 62) - 1;
    private const int MostNames = 4096;

    // common_flags: hardirq and NMI.
    private const byte InInterrupt = 0x48;

    private readonly EventPlan _plan = plan;
    private readonly ulong _slack = slack;
    private readonly byte[] _irqClasses = new byte[1024];
    private readonly Dictionary<int, (ulong Low, ulong High)> _names = [];
    private readonly Dictionary<int, string> _irqNames = [];

    private CpuChunk _out = null!;
    private ulong _time;
    private int _seen;
    private bool _initialOpen;
    private bool _initialPossible = true;

    private bool _tracked;
    private bool _rcuTellsUser;
    private bool _hasIdleEvents = plan.HasIdleEvents;
    private bool _inSystemCall;
    private CpuState _where;
    private bool _activityNoted;
    private int _irqDepth;
    private bool _irqExitSeen;

    private CpuState _leaving;
    private ulong _leftAt;
    private int _leftPid;

    private bool _interruptEnding;
    private ulong _interruptEnd;

    private bool _envelopeOpen;
    private int _ipiEnvelopes;
    private ulong _envelopeTime;
    private int _envelopePid;
    private byte _envelopePreemption;

    private ulong _faultReturn;

    // The system call of the task that runs, as CallNote has it, and the work that a worker of the kernel does.
    private int _call;
    private ulong _work;
    private int _worker;

    // What kept the tick going when it was last asked, + 1.
    private int _tickKeptBy;

    // The last event told kicks: a stack that follows is theirs.
    private bool _kicked;

    /// <summary>Records too short for the fields of their format.</summary>
    public long Malformed { get; private set; }

    /// <summary>Names of device interrupts by number.</summary>
    public IReadOnlyDictionary<int, string> IrqNames => _irqNames;

    /// <summary>The kinds of events that this CPU has, a bit each (<see cref="EventKind"/>).</summary>
    public ulong Kinds { get; private set; }

    /// <summary>Something waits for the next event.</summary>
    private bool IsHolding => _leaving != CpuState.Unknown || _interruptEnding || _envelopeOpen || _faultReturn != 0;

    /// <summary>Task names that the scheduler's events told, newest last.</summary>
    public IEnumerable<KeyValuePair<int, string>> Names
    {
        get
        {
            foreach (var (pid, (low, high)) in _names)
                yield return new KeyValuePair<int, string>(pid, NameOf(low, high));
        }
    }

    /// <summary>Begins a chunk; the first one has room for the state before the first event.</summary>
    public void Begin(CpuChunk chunk)
    {
        _out = chunk;
        if (_seen == 0 && chunk.IsEmpty)
        {
            chunk.Add(RecordKind.Initial, 0).Detail = (byte)CpuState.Unknown;
            _initialOpen = true;
        }
    }

    /// <summary>
    /// The events before a time have all been seen, and more may follow. What waits for the next event has waited long
    /// enough if that is not close by.
    /// </summary>
    public void Pause(ulong time)
    {
        if (time <= _time + PatienceNanoseconds)
            return;
        Flush(EventKind.None, _time);
        _time = time;
    }

    /// <summary>Ends the chunk: everything that is certain has been written.</summary>
    public void End(bool final)
    {
        if (final)
            Flush(EventKind.None, _time);
        var time = _time;
        if (_leaving != CpuState.Unknown)
            time = Math.Min(time, _leftAt);
        if (_interruptEnding)
            time = Math.Min(time, _interruptEnd);
        if (_envelopeOpen)
            time = Math.Min(time, _envelopeTime);
        if (_faultReturn != 0)
            time = Math.Min(time, _faultReturn - _slack);
        _out.Add(RecordKind.End, time).Detail = final ? (byte)1 : (byte)0;
        _initialOpen = false;
    }

    /// <summary>
    /// The short way for the most frequent events of a busy machine, where nothing waits for them. False: take
    /// <see cref="Accept"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySystemCall(EventKind kind, ulong time, int number)
    {
        if (_tracked | _initialPossible | _irqDepth > 0 | IsHolding | time < _time | time > LatestTime)
            return false;
        _time = time;
        Kinds |= 1UL << (int)kind;
        _kicked = false;
        _inSystemCall = kind == EventKind.SystemCallEnter;
        _call = number;
        _out.Step(time, _inSystemCall ? StepCode.SystemCall : StepCode.User);
        return true;
    }

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
            OnEventBeside(kind, e, time);
            return;
        }

        _kicked = false;
        if (IsHolding)
            Flush(kind, time, e);
        if (_irqDepth > 0 && (e.Flags & InInterrupt) == 0)
            EndUnseen(time);
        if (_initialPossible)
            ConsiderInitial(kind, e);

        switch (kind)
        {
            case EventKind.SystemCallEnter:
                _inSystemCall = true;
                _call = NumberOf(e);
                if (!_tracked)
                    _out.Step(time, StepCode.SystemCall);
                break;
            case EventKind.SystemCallExit:
                _inSystemCall = false;
                _call = CallNote.None;
                if (!_tracked)
                    _out.Step(time, StepCode.User);
                break;
            case EventKind.UserEnter:
                Track(time);
                if (!_rcuTellsUser)
                    EnterUser(time);
                break;
            case EventKind.UserExit:
                Track(time);
                if (!_rcuTellsUser)
                    Leave(CpuState.User, time, e.Pid);
                break;
            case EventKind.PageFault:
                if (!_tracked)
                {
                    _out.Step(time, StepCode.Exception);
                    _faultReturn = time + _slack;
                }

                break;
            case EventKind.OwnEntry:
                break;
            case EventKind.CpuIdle:
                OnCpuIdle(e, time);
                break;
            case EventKind.Switch:
                OnSwitch(e, time);
                break;
            case EventKind.SoftIrq:
                if (!_activityNoted)
                {
                    _activityNoted = true;
                    Add(RecordKind.Activity, e, time);
                }

                break;
            case EventKind.Nmi:
                Add(RecordKind.Nmi, e, time);
                break;
            case EventKind.GuestEnter:
                _where = CpuState.Guest;
                _activityNoted = false;
                Add(RecordKind.EnterGuest, e, time);
                break;
            case EventKind.GuestExit:
                Leave(CpuState.Guest, time, e.Pid);
                break;
            case EventKind.RcuWatching:
            case EventKind.RcuDyntick:
                OnRcu(kind, e, time);
                break;
            case EventKind.Print:
                OnPrint(e, time);
                break;
            case >= EventKind.CsdQueue and <= EventKind.WakeWithoutIpi:
                OnKickEvent(kind, e, time);
                break;
            case >= EventKind.ProbeKickCpu and <= EventKind.ProbeReschedule:
                OnProbe(kind, e, time);
                break;
            default:
                OnInterruptEvent(kind, e, time);
                break;
        }
    }

    private ref CpuRecord Add(RecordKind kind, in TraceEvent e, ulong time)
    {
        ref var record = ref _out.Add(kind, time);
        record.Pid = e.Pid;
        return ref record;
    }

    private void OnLost(ulong time)
    {
        Flush(EventKind.None, time);
        _initialPossible = false;
        _where = CpuState.Unknown;
        _irqDepth = 0;
        _ipiEnvelopes = 0;
        _inSystemCall = false;
        _call = CallNote.Unknown;
        _work = 0;
        _tickKeptBy = 0;
        _out.Add(RecordKind.Lost, time);
    }

    private void Track(ulong time)
    {
        if (_tracked)
            return;
        _tracked = true;
        _out.Add(RecordKind.Tracked, time);
    }

    private void EnterUser(ulong time)
    {
        if (_where == CpuState.User)
            return;
        _where = CpuState.User;
        _activityNoted = false;
        _inSystemCall = false;
        _out.Step(time, StepCode.User);
    }

    /// <summary>The CPU leaves a state outside the kernel; the next event tells why.</summary>
    private void Leave(CpuState from, ulong time, int pid)
    {
        if (_leaving != CpuState.Unknown)
            return;
        if (from == CpuState.User && _where is not (CpuState.User or CpuState.Unknown))
            return;
        _leaving = from;
        _leftAt = time;
        _leftPid = pid;
        _where = CpuState.Kernel;
    }

    private void OnCpuIdle(in TraceEvent e, ulong time)
    {
        _hasIdleEvents = true;
        var state = (uint)_plan.IdleState.ReadUInt64(e.Payload);
        if (state == uint.MaxValue)
        {
            Leave(CpuState.Idle, time, e.Pid);
            return;
        }

        EnterIdle(state == 0 ? IdleNotes.Returns : IdleNotes.None, e, time);
    }

    private void OnRcu(EventKind kind, in TraceEvent e, ulong time)
    {
        var text = _plan.TextAt(_plan.Minor(kind).ReadUInt64(e.Payload));
        if (text is null)
            return;
        // The two events name the same thing from opposite ends: 6.12 turned "Start" and "End" round.
        var starts = text.StartsWith("Start", StringComparison.Ordinal);
        if (!starts && !text.StartsWith("End", StringComparison.Ordinal))
            return;
        var leaves = starts == (kind == EventKind.RcuWatching);
        if (e.Pid == 0)
            OnRcuOfIdle(leaves, e, time);
        else
            OnRcuOfUser(leaves, e.Pid, time);
    }

    /// <summary>
    /// RCU stops watching a moment after context tracking says that user mode is entered, and what RCU says is what a
    /// kick goes by. A CPU whose tasks RCU watches all the time has no such event, and no context tracking.
    /// </summary>
    private void OnRcuOfUser(bool leaves, int pid, ulong time)
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
    private void OnRcuOfIdle(bool leaves, in TraceEvent e, ulong time)
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
        _activityNoted = false;
        Add(RecordKind.EnterIdle, e, time).Detail = (byte)notes;
    }

    private void OnSwitch(in TraceEvent e, ulong time)
    {
        var payload = e.Payload;
        var next = (int)_plan.SwitchNextPid.ReadInt64(payload);
        var notes = SwitchNotes.None;
        // EXIT_DEAD and EXIT_ZOMBIE as the event reports them (include/linux/sched.h, task_state_index).
        if ((_plan.SwitchPreviousState.ReadUInt64(payload) & 0x30) != 0)
            notes |= SwitchNotes.PreviousDead;
        if (_tracked && _inSystemCall)
            notes |= SwitchNotes.PreviousInSystemCall;
        var name = _plan.SwitchNextName.ReadBytes(payload);
        if (name.Length >= 16)
        {
            if (next != 0 && (_names.Count < MostNames || _names.ContainsKey(next)))
            {
                _names[next] = (
                    BinaryPrimitives.ReadUInt64LittleEndian(name),
                    BinaryPrimitives.ReadUInt64LittleEndian(name[8..])
                );
            }

            if (KernelThreads.IsName(name))
                notes |= SwitchNotes.NextIsKernelThread;
        }

        ref var record = ref Add(RecordKind.Switch, e, time);
        record.A = (uint)(int)_plan.SwitchPreviousPid.ReadInt64(payload);
        record.B = (uint)next;
        record.Detail = (byte)notes;
        record.Extra = _call;
        _call = CallNote.Inherited;
        _inSystemCall = false;
        _irqDepth = 0;
        _ipiEnvelopes = 0;
        // Where no event tells idle, the idle task does: it runs from here on.
        if (next == 0 && !_hasIdleEvents && !_plan.HasRcuEvents)
            EnterIdle(IdleNotes.Returns | IdleNotes.FromSwitch, e, time);
    }

    private void OnPrint(in TraceEvent e, ulong time)
    {
        if (!PhaseMark.TryParse(_plan.PrintText.ReadText(e.Payload), out var name, out var begins))
            return;
        ref var record = ref Add(RecordKind.Phase, e, time);
        record.A = (ulong)_out.Texts.Count;
        record.Detail = begins ? (byte)1 : (byte)0;
        _out.Texts.Add(name);
    }

    /// <summary>What the first event of state says about the time before it.</summary>
    private void ConsiderInitial(EventKind kind, in TraceEvent e)
    {
        _seen++;
        CpuState? state = kind switch
        {
            EventKind.UserExit => CpuState.UserEqs,
            EventKind.UserEnter => CpuState.Kernel,
            EventKind.SystemCallEnter => CpuState.User,
            EventKind.SystemCallExit => CpuState.Kernel,
            EventKind.CpuIdle => (uint)_plan.IdleState.ReadUInt64(e.Payload) == uint.MaxValue
                ? CpuState.Idle
                : CpuState.Kernel,
            // These say nothing about the state, so that the next one may still do.
            EventKind.Print
            or EventKind.Raise
            or EventKind.SoftIrq
            or (>= EventKind.CsdQueue and <= EventKind.WakeWithoutIpi)
            or (>= EventKind.ProbeKickCpu and <= EventKind.ProbeReschedule) => null,
            _ => CpuState.Unknown,
        };
        if (state is null && _seen < DecisiveEvents)
            return;
        _initialPossible = false;
        if (_initialOpen && state is { } known)
            _out.Records[0].Detail = (byte)known;
    }

    private static string NameOf(ulong low, ulong high)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], high);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
