using Lazykick.Traces.Files;

namespace Lazykick.Traces.Formats;

/// <summary>
/// One event. A view into the reader's buffer: valid until the next call on the reader or cursor that gave it.
/// </summary>
public readonly ref struct TraceEvent
{
    internal TraceEvent(
        ulong timestamp,
        int cpu,
        ushort id,
        byte tag,
        bool lostBefore,
        EventHeader header,
        ReadOnlySpan<byte> payload
    )
    {
        Timestamp = timestamp;
        Cpu = cpu;
        Id = id;
        Tag = tag;
        LostBefore = lostBefore;
        Payload = payload;
        Pid = header.Pid;
        Flags = header.Flags;
        PreemptCount = header.PreemptCount;
    }

    /// <summary>Time in units of the trace clock (nanoseconds for all clocks but x86-tsc and counter).</summary>
    public ulong Timestamp { get; }

    /// <summary>The CPU that recorded the event.</summary>
    public int Cpu { get; }

    /// <summary>The event's number in this trace; see <see cref="TraceFile.FindById"/>.</summary>
    public ushort Id { get; }

    /// <summary>What the <see cref="EventDispatch"/> of the reader says for this id; never 0.</summary>
    public byte Tag { get; }

    /// <summary>The task that ran when the event was recorded; 0 is the idle task.</summary>
    public int Pid { get; }

    /// <summary>
    /// common_flags: 0x01 interrupts off, 0x04 need_resched, 0x08 hardirq, 0x10 softirq, 0x40 NMI, 0x80 bottom halves
    /// off.
    /// </summary>
    public byte Flags { get; }

    /// <summary>
    /// common_preempt_count: low nibble the preemption depth (at most 15), high nibble the migrate-disable depth.
    /// </summary>
    public byte PreemptCount { get; }

    /// <summary>
    /// Events of this CPU are missing between the one delivered before and this one (lost by the kernel or unreadable).
    /// </summary>
    public bool LostBefore { get; }

    /// <summary>
    /// The record with its common header: offsets of <see cref="EventField"/> count from its start. May be longer than
    /// the fields (padding).
    /// </summary>
    public ReadOnlySpan<byte> Payload { get; }
}
