using System.Runtime.CompilerServices;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers;

/// <summary>
/// Pulls the events of one CPU in the order of time. Cursors of different CPUs share nothing and may be used by
/// different threads; one cursor by one thread at a time.
/// </summary>
public abstract unsafe class CpuEventCursor
{
    private protected readonly byte* Tags;
    private protected readonly RecordLayout Layout;
    private protected byte* Record;
    private protected int RecordLength;

    // Keeps the table alive whose address Tags is.
    private readonly EventDispatch _dispatch;

    private protected CpuEventCursor(int cpu, EventDispatch dispatch, RecordLayout layout)
    {
        Cpu = cpu;
        _dispatch = dispatch;
        Tags = dispatch.Tags;
        Layout = layout;
    }

    /// <summary>The CPU.</summary>
    public int Cpu { get; }

    /// <summary>Time of the current event in units of the trace clock.</summary>
    public ulong Timestamp { get; private protected set; }

    /// <summary>Time of the first event of the CPU, delivered or not; null before there was one.</summary>
    public ulong? FirstTime { get; private protected set; }

    /// <summary>Time of the last event passed so far, delivered or not.</summary>
    public abstract ulong LastTime { get; }

    /// <summary>Id of the current event.</summary>
    public ushort Id { get; private protected set; }

    /// <summary>Tag of the current event; never 0.</summary>
    public byte Tag { get; private protected set; }

    /// <summary>Events are missing between the event delivered before and the current one.</summary>
    public bool LostBefore { get; private protected set; }

    /// <summary>All events passed so far, delivered or not.</summary>
    public long EventCount { get; private protected set; }

    /// <summary>Events that the kernel said it lost before the current position, where it gave a number.</summary>
    public long LostEvents { get; private protected set; }

    /// <summary>
    /// The kernel said at least once that it lost events without saying how many, or a part of the file could not be
    /// read.
    /// </summary>
    public bool HasUncountedLoss { get; private protected set; }

    /// <summary>
    /// After <see cref="MoveNext"/> returned false on a trace that is still being written: the time up to which all
    /// events have been delivered; more may follow. Null at the end.
    /// </summary>
    internal virtual ulong? PausedAt => null;

    /// <summary>
    /// The record of the current event with its common header; valid until the next <see cref="MoveNext"/>.
    /// </summary>
    public ReadOnlySpan<byte> Payload => new(Record, RecordLength);

    /// <summary>The current event, after <see cref="MoveNext"/> returned true.</summary>
    public TraceEvent Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            new(
                Timestamp,
                Cpu,
                Id,
                Tag,
                LostBefore,
                new EventHeader(
                    Unsafe.ReadUnaligned<int>(Record + Layout.Pid),
                    Record[Layout.Flags],
                    Record[Layout.PreemptCount]
                ),
                new ReadOnlySpan<byte>(Record, RecordLength)
            );
    }

    /// <summary>
    /// The call stack of the current event where the container keeps it with the event (perf record -g), the innermost
    /// frame first; otherwise empty.
    /// </summary>
    public virtual ReadOnlySpan<ulong> CallChain => default;

    /// <summary>Four bytes of the current record, or -1 where it is shorter or the offset 0.</summary>
    internal int ReadInt32(int offset) =>
        offset > 0 && offset + sizeof(int) <= RecordLength ? Unsafe.ReadUnaligned<int>(Record + offset) : -1;

    /// <summary>
    /// Goes on to the next event that the dispatch table wants. Never throws for what the file holds.
    /// </summary>
    /// <returns>False at the end of this CPU's events.</returns>
    public abstract bool MoveNext();

    /// <summary>The next event, if there is one.</summary>
    public bool TryRead(out TraceEvent next)
    {
        if (MoveNext())
        {
            next = Current;
            return true;
        }

        next = default;
        return false;
    }
}
