using System.Runtime.InteropServices;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>
/// Reads what tells the cause of a kick or an interrupt, and nothing of the CPU's state: call stacks, system calls,
/// timers, wake-ups. These events stand between others, which are held against each other as if they were not there.
/// </summary>
internal sealed class CauseScanner(EventPlan plan, RecordWriter records)
{
    // common_flags: hardirq, softirq and NMI.
    private const byte InAnyInterrupt = 0x58;

    private readonly StackTable _stacks = new();
    private ulong _work;
    private int _worker;

    /// <summary>The system call of the task that runs, as <see cref="CallNote"/> has it.</summary>
    public int Call { get; set; }

    /// <summary>What kept the tick going when it was last asked, + 1.</summary>
    public int TickKeptBy { get; private set; }

    /// <summary>The event before told kicks: a call stack that follows is theirs.</summary>
    public bool WantsStack { get; set; }

    public void Accept(EventKind kind, in TraceEvent e, ulong time)
    {
        switch (kind)
        {
            case EventKind.Stack:
                if (WantsStack && e.Payload.Length > plan.StackOffset)
                    AddStack(MemoryMarshal.Cast<byte, ulong>(e.Payload[plan.StackOffset..]), time);
                break;
            case EventKind.TimerExpire:
                records.Add(RecordKind.TimerExpire, e, time).A = plan.Of(e.Id).ReadUInt64(e.Payload);
                break;
            case EventKind.TickStop:
                var stopped = plan.Minor(kind).ReadUInt64(e.Payload) != 0;
                TickKeptBy = stopped ? 0 : 1 + (int)plan.TickDependency.ReadUInt64(e.Payload);
                break;
            case EventKind.Waking:
                records.Add(RecordKind.Waking, e, time).A = plan.Minor(kind).ReadUInt64(e.Payload);
                break;
            case EventKind.WorkStart:
                (_work, _worker) = (plan.Minor(kind).ReadUInt64(e.Payload), e.Pid);
                break;
            case EventKind.WorkEnd:
                _work = 0;
                break;
            case EventKind.CgroupAttach:
                ref var record = ref records.Add(RecordKind.Cgroup, e, time);
                record.A = plan.Minor(kind).ReadUInt64(e.Payload);
                record.B = records.AddText(plan.CgroupPath.ReadText(e.Payload));
                break;
        }
    }

    /// <summary>Writes the call stack of the event before, the innermost frame first.</summary>
    public void AddStack(ReadOnlySpan<ulong> frames, ulong time)
    {
        frames = StackTable.KernelPartOf(frames);
        if (!frames.IsEmpty)
            records.AddStack(_stacks.Intern(frames), time);
    }

    /// <summary>Where no stack follows a kick, a worker's work is the outermost frame that is known.</summary>
    public void AddWork(in TraceEvent e, ulong time)
    {
        if (_work != 0 && e.Pid == _worker && (e.Flags & InAnyInterrupt) == 0)
            AddStack([_work], time);
    }

    /// <summary>The system call that sys_enter tells.</summary>
    public int NumberOf(in TraceEvent e)
    {
        var at = plan.CallNumberOffset;
        return at > 0 && e.Payload.Length >= at + sizeof(int)
            ? CallNote.Of(MemoryMarshal.Read<int>(e.Payload[at..]))
            : CallNote.Unknown;
    }

    /// <summary>The system call in which an event is.</summary>
    public int CallOf(in TraceEvent e) => (e.Flags & InAnyInterrupt) != 0 ? CallNote.InInterrupt : Call;

    /// <summary>Events are missing: nothing is known of what runs.</summary>
    public void Forget()
    {
        Call = CallNote.Unknown;
        _work = 0;
        TickKeptBy = 0;
    }
}
