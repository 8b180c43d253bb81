using System.Runtime.CompilerServices;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// Walks the runs of one CPU. Records that the index found out of order are passed over where they stand and delivered
/// where they belong.
/// </summary>
internal sealed unsafe class PerfCursor : CpuEventCursor
{
    // The largest record: its size is a u16.
    private const int LargestRecord = 1 << 16;

    private readonly ByteSource _source;
    private readonly PerfCpu _cpu;
    private readonly SampleLayouts _layouts;
    private readonly SampleLayout? _only;
    private readonly DamageLog _damage;
    private readonly byte[] _buffer;
    private readonly byte* _start;

    private byte* _next;
    private byte* _end;
    private int _extent;
    private long _extentUsed;
    private ulong _latest;
    private ulong _last;
    private bool _lostPending;

    private SampleLayout? _delivered;
    private byte* _sample;
    private int _sampleSize;

    private byte[]? _displacedRecord;
    private int _nextDisplaced;
    private ulong _displacedTime;

    public PerfCursor(
        ByteSource source,
        PerfCpu cpu,
        SampleLayouts layouts,
        RecordLayout layout,
        DamageLog damage,
        EventDispatch dispatch,
        int blockBytes
    )
        : base(cpu.Cpu, dispatch, layout)
    {
        _source = source;
        _cpu = cpu;
        _layouts = layouts;
        _only = layouts.Only;
        _damage = damage;
        _buffer = GC.AllocateUninitializedArray<byte>(
            (int)Math.Min(cpu.Bytes, Math.Max(blockBytes, 2 * LargestRecord)) + RingBufferCursor.Slack,
            pinned: true
        );
        _start = (byte*)Unsafe.AsPointer(ref _buffer[0]);
        _next = _end = _start;
        SetDisplacedTime();
    }

    /// <inheritdoc/>
    public override ulong LastTime => _last;

    /// <inheritdoc/>
    public override ReadOnlySpan<ulong> CallChain =>
        _delivered is { } layout ? layout.FindCallChain(_sample, _sampleSize) : default;

    public override bool MoveNext()
    {
        while (true)
        {
            var record = _next;
            var left = _end - record;
            int size;
            if (left < SampleLayout.HeaderBytes || (size = Unsafe.ReadUnaligned<ushort>(record + 6)) > left)
            {
                if (Fill())
                    continue;
                return MoveToDisplaced();
            }

            if (size < SampleLayout.HeaderBytes)
            {
                // The index went over the same bytes: they changed since.
                _next = _end;
                continue;
            }

            var type = Unsafe.ReadUnaligned<uint>(record);
            if (type != PerfRecord.Sample)
            {
                _next = record + size;
                TakeLoss(record, size, type);
                continue;
            }

            var layout = _only ?? _layouts.Find(record, size);
            if (layout is null || size < layout.CpuOffset + 4)
            {
                _next = record + size;
                continue;
            }

            var time = Unsafe.ReadUnaligned<ulong>(record + layout.TimeOffset);
            if (_displacedTime < time && MoveToDisplaced())
                return true;
            _next = record + size;
            if (time < _latest)
                continue; // displaced: delivered in its own place
            _latest = time;
            if (Deliver(layout, record, size, time))
                return true;
        }
    }

    private bool Deliver(SampleLayout layout, byte* record, int size, ulong time)
    {
        if (!layout.TryFindRaw(record, size, out var raw, out var length) || length < Layout.MinimumLength)
        {
            _damage.Add(
                _source.Name,
                _cpu.Extents[Math.Max(0, _extent - 1)].Offset,
                "expected samples with the raw data of a tracepoint, found one without, in the records of this CPU "
                    + "from here on",
                Cpu
            );
            _lostPending = true;
            HasUncountedLoss = true;
            return false;
        }

        EventCount++;
        FirstTime ??= time;
        _last = time;
        var id = Unsafe.ReadUnaligned<ushort>(raw + Layout.Type);
        var tag = Tags[id];
        if (tag == 0)
            return false;
        _delivered = layout;
        _sample = record;
        _sampleSize = size;
        Record = raw;
        RecordLength = length;
        Timestamp = time;
        Id = id;
        Tag = tag;
        LostBefore = _lostPending;
        _lostPending = false;
        return true;
    }

    /// <summary>Goes to the next displaced record if there is one that is wanted.</summary>
    private bool MoveToDisplaced()
    {
        while (_nextDisplaced < _cpu.Displaced.Count)
        {
            var displaced = _cpu.Displaced[_nextDisplaced];
            // Only those that belong before the record at which the walk stands; at the end, all.
            if (_end - _next >= SampleLayout.HeaderBytes && displaced.Time >= TimeAtNext())
                return false;
            _nextDisplaced++;
            SetDisplacedTime();
            _displacedRecord ??= GC.AllocateUninitializedArray<byte>(
                LargestRecord + RingBufferCursor.Slack,
                pinned: true
            );
            var size = _source.Read(_displacedRecord.AsSpan(0, displaced.Size), displaced.Offset);
            var record = (byte*)Unsafe.AsPointer(ref _displacedRecord[0]);
            if (
                size == displaced.Size
                && (_only ?? _layouts.Find(record, size)) is { } layout
                && Deliver(layout, record, size, displaced.Time)
            )
            {
                return true;
            }
        }

        return false;
    }

    private ulong TimeAtNext()
    {
        var layout = _only ?? _layouts.Find(_next, (int)Math.Min(_end - _next, LargestRecord));
        return layout is null ? 0 : Unsafe.ReadUnaligned<ulong>(_next + layout.TimeOffset);
    }

    private void SetDisplacedTime() =>
        _displacedTime = _nextDisplaced < _cpu.Displaced.Count ? _cpu.Displaced[_nextDisplaced].Time : ulong.MaxValue;

    private void TakeLoss(byte* record, int size, uint type)
    {
        // LOST: u64 id, u64 number; LOST_SAMPLES: u64 number.
        var at =
            type == PerfRecord.Lost ? 16
            : type == PerfRecord.LostSamples ? 8
            : 0;
        if (at == 0 || size < at + 8)
            return;
        _lostPending = true;
        LostEvents += (long)Math.Min(Unsafe.ReadUnaligned<ulong>(record + at), 1UL << 40);
    }

    /// <summary>Keeps the record that is cut by the end of the buffer, and fills up behind it from the runs.</summary>
    private bool Fill()
    {
        var kept = (int)(_end - _next);
        _buffer.AsSpan((int)(_next - _start), kept).CopyTo(_buffer);
        var held = kept;
        var room = _buffer.Length - RingBufferCursor.Slack;
        while (held < room && _extent < _cpu.Extents.Count)
        {
            var extent = _cpu.Extents[_extent];
            var count = (int)Math.Min(room - held, extent.Length - _extentUsed);
            var read = _source.Read(_buffer.AsSpan(held, count), extent.Offset + _extentUsed);
            held += read;
            _extentUsed += read;
            if (_extentUsed == extent.Length || read < count)
                (_extent, _extentUsed) = (_extent + 1, 0);
        }

        _next = _start;
        _end = _start + held;
        if (held > kept)
            return true;
        _next = _end;
        return false;
    }
}
