using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// Where a sample record has its time, CPU and raw data: PERF_RECORD_SAMPLE in the order of the bits that
/// perf_event_open(2) gives. Everything up to the period has a fixed place.
/// </summary>
internal sealed unsafe class SampleLayout : IEquatable<SampleLayout>
{
    /// <summary>Bytes of a record's header: u32 type, u16 misc, u16 size.</summary>
    public const int HeaderBytes = 8;

    private const ulong Ip = 1 << 0,
        Tid = 1 << 1,
        TimeBit = 1 << 2,
        Address = 1 << 3,
        Read = 1 << 4,
        CallChain = 1 << 5,
        IdBit = 1 << 6,
        CpuBit = 1 << 7,
        Period = 1 << 8,
        StreamId = 1 << 9,
        Raw = 1 << 10,
        Identifier = 1 << 16;

    private const ulong ReadGroup = 1 << 3;
    private const ulong ReadPerEvent = (1 << 2) | (1 << 4); // id, lost
    private const ulong ReadOnce = (1 << 0) | (1 << 1); // enabled, running

    private readonly ulong _sampleType;
    private readonly ulong _readFormat;
    private readonly int _fixedBytes;

    public SampleLayout(ulong sampleType, ulong readFormat)
    {
        _sampleType = sampleType;
        _readFormat = readFormat;
        var at = HeaderBytes;
        at += Bytes(Identifier) + Bytes(Ip) + Bytes(Tid);
        TimeOffset = Has(TimeBit) ? at : -1;
        at += Bytes(TimeBit) + Bytes(Address);
        IdOffset =
            Has(Identifier) ? HeaderBytes
            : Has(IdBit) ? at
            : -1;
        at += Bytes(IdBit) + Bytes(StreamId);
        CpuOffset = Has(CpuBit) ? at : -1;
        at += Bytes(CpuBit) + Bytes(Period);
        if (Has(Read) && (readFormat & ReadGroup) == 0)
            at += 8 * (1 + BitOperations.PopCount(readFormat & (ReadOnce | ReadPerEvent)));
        _fixedBytes = at;
    }

    public int TimeOffset { get; }

    public int CpuOffset { get; }

    /// <summary>Where the id of the event stands, or -1.</summary>
    public int IdOffset { get; }

    /// <summary>The samples have all that an event of a trace needs.</summary>
    public bool IsComplete => TimeOffset >= 0 && CpuOffset >= 0 && Has(Raw);

    /// <summary>Bytes that the kernel appends to records that are no samples (sample_id_all).</summary>
    public int TrailerBytes =>
        Bytes(Tid) + Bytes(TimeBit) + Bytes(IdBit) + Bytes(StreamId) + Bytes(CpuBit) + Bytes(Identifier);

    /// <summary>
    /// Where the CPU stands in that appendix, counted back from the end of the record; 0 where it has none.
    /// </summary>
    public int TrailerCpuFromEnd => Has(CpuBit) ? Bytes(CpuBit) + Bytes(Identifier) : 0;

    /// <summary>The raw data of a sample: the tracepoint's record.</summary>
    public bool TryFindRaw(byte* record, int size, out byte* raw, out int length)
    {
        raw = null;
        length = 0;
        if (!TryPassRead(record, size, out var at))
            return false;
        if (Has(CallChain))
        {
            if (!TryCount(record, size, at, out var frames))
                return false;
            at += 8 * (1 + frames);
        }

        if (at + 4 > size)
            return false;
        var rawLength = Unsafe.ReadUnaligned<uint>(record + at);
        if (rawLength > (uint)(size - at - 4))
            return false;
        raw = record + at + 4;
        length = (int)rawLength;
        return true;
    }

    /// <summary>
    /// The call stack of a sample with marks between kernel and user frames; empty where it has none.
    /// </summary>
    public ReadOnlySpan<ulong> FindCallChain(byte* record, int size) =>
        Has(CallChain) && TryPassRead(record, size, out var at) && TryCount(record, size, at, out var frames)
            ? new ReadOnlySpan<ulong>(record + at + 8, frames)
            : default;

    private bool TryPassRead(byte* record, int size, out int at)
    {
        at = _fixedBytes;
        if (Has(Read) && (_readFormat & ReadGroup) != 0)
        {
            if (!TryCount(record, size, at, out var events))
                return false;
            at +=
                8
                * (
                    1
                    + BitOperations.PopCount(_readFormat & ReadOnce)
                    + (events * (1 + BitOperations.PopCount(_readFormat & ReadPerEvent)))
                );
            if (at > size)
                return false;
        }

        return true;
    }

    public bool Equals(SampleLayout? other) =>
        other is not null && other._sampleType == _sampleType && other._readFormat == _readFormat;

    public override bool Equals(object? obj) => Equals(obj as SampleLayout);

    public override int GetHashCode() => HashCode.Combine(_sampleType, _readFormat);

    /// <summary>A count of 8-byte things that follow it; a record has 64 KiB at most.</summary>
    private static bool TryCount(byte* record, int size, int at, out int count)
    {
        count = 0;
        if (at + 8 > size)
            return false;
        var value = Unsafe.ReadUnaligned<ulong>(record + at);
        if (value > (ulong)(size - at) / 8)
            return false;
        count = (int)value;
        return true;
    }

    private bool Has(ulong bit) => (_sampleType & bit) != 0;

    private int Bytes(ulong bit) => Has(bit) ? 8 : 0;
}
