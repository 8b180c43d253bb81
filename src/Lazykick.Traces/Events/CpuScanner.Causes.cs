using System.Runtime.InteropServices;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>
/// What tells the cause behind a kick or an interrupt, and nothing of the CPU's state: call stacks, system calls,
/// timers, wake-ups. These events stand between others, which are held against each other as if they were not there.
/// </summary>
internal sealed partial class CpuScanner
{
    private const int MostStacks = 4096;
    private const int DeepestStack = 64;

    // common_flags: hardirq, softirq and NMI.
    private const byte InAnyInterrupt = 0x58;

    private readonly Dictionary<int, List<ulong[]>> _stacks = [];
    private int _stackCount;

    /// <summary>Where sys_enter has the number of the system call; 0 where nothing tells it.</summary>
    public int CallNumberOffset => _plan.CallNumberOffset;

    /// <summary>The event before told kicks, whose call stack is wanted.</summary>
    public bool WantsStack => _kicked;

    /// <summary>The call stack of the event before, the innermost frame first.</summary>
    public void AddStack(ReadOnlySpan<ulong> frames)
    {
        frames = KernelPartOf(frames);
        if (frames.IsEmpty)
            return;
        _out.Add(RecordKind.Stack, _time).A = (ulong)_out.Stacks.Count;
        _out.Stacks.Add(Intern(frames));
    }

    private void OnEventBeside(EventKind kind, in TraceEvent e, ulong time)
    {
        switch (kind)
        {
            case EventKind.Stack:
                if (_kicked && e.Payload.Length > _plan.StackOffset)
                    AddStack(MemoryMarshal.Cast<byte, ulong>(e.Payload[_plan.StackOffset..]));
                break;
            case EventKind.TimerExpire:
                Add(RecordKind.TimerExpire, e, time).A = _plan.Of(e.Id).ReadUInt64(e.Payload);
                break;
            case EventKind.TickStop:
                var stopped = _plan.Minor(kind).ReadUInt64(e.Payload) != 0;
                _tickKeptBy = stopped ? 0 : 1 + (int)_plan.TickDependency.ReadUInt64(e.Payload);
                break;
            case EventKind.Waking:
                Add(RecordKind.Waking, e, time).A = _plan.Minor(kind).ReadUInt64(e.Payload);
                break;
            case EventKind.WorkStart:
                (_work, _worker) = (_plan.Minor(kind).ReadUInt64(e.Payload), e.Pid);
                break;
            case EventKind.WorkEnd:
                _work = 0;
                break;
            case EventKind.CgroupAttach:
                ref var record = ref Add(RecordKind.Cgroup, e, time);
                record.A = _plan.Minor(kind).ReadUInt64(e.Payload);
                record.B = (ulong)_out.Texts.Count;
                _out.Texts.Add(_plan.CgroupPath.ReadText(e.Payload));
                break;
        }
    }

    private int NumberOf(in TraceEvent e)
    {
        var at = _plan.CallNumberOffset;
        return at > 0 && e.Payload.Length >= at + sizeof(int)
            ? CallNote.Of(MemoryMarshal.Read<int>(e.Payload[at..]))
            : CallNote.Unknown;
    }

    private int CallOf(in TraceEvent e) => (e.Flags & InAnyInterrupt) != 0 ? CallNote.InInterrupt : _call;

    /// <summary>
    /// The frames of the kernel: perf puts marks between kernel and user frames, older kernels fill up with ones.
    /// </summary>
    private static ReadOnlySpan<ulong> KernelPartOf(ReadOnlySpan<ulong> frames)
    {
        const ulong FirstMark = unchecked((ulong)-4095);
        const ulong UserMark = unchecked((ulong)-512);
        while (!frames.IsEmpty && frames[0] >= FirstMark && frames[0] != UserMark)
            frames = frames[1..];
        var end = 0;
        while (end < Math.Min(frames.Length, DeepestStack) && frames[end] != 0 && frames[end] < FirstMark)
            end++;
        return frames[..end];
    }

    private ulong[] Intern(ReadOnlySpan<ulong> frames)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(frames));
        var key = hash.ToHashCode();
        if (!_stacks.TryGetValue(key, out var alike))
            _stacks.Add(key, alike = []);
        foreach (var known in alike)
        {
            if (frames.SequenceEqual(known))
                return known;
        }

        var added = frames.ToArray();
        if (_stackCount++ < MostStacks)
            alike.Add(added);
        return added;
    }
}
