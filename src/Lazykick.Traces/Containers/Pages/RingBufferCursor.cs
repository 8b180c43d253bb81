using System.Runtime.CompilerServices;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>
/// Walks the sub-buffers of one CPU (kernel/trace/ring_buffer.c). Bounds are checked once a sub-buffer and once a
/// record; what is out of bounds ends the sub-buffer, is noted as damage and marks the next event as standing behind a
/// loss.
/// </summary>
internal sealed unsafe class RingBufferCursor : CpuEventCursor
{
    /// <summary>
    /// Bytes behind a block that may be read (never delivered): a record header that begins in the last word of a
    /// sub-buffer.
    /// </summary>
    public const int Slack = 64;

    /// <summary>Sub-buffer header of a 64-bit kernel: u64 time stamp, u64 commit word.</summary>
    public const int HeaderBytes = 16;

    /// <summary>In the commit word: events were lost before this sub-buffer.</summary>
    public const uint LostBit = 1u << 31;

    private const uint LengthMask = (1u << 27) - 1;
    private const uint LostCountBit = 1u << 30;
    private const ulong AbsoluteTopBits = 0xF8UL << 56;

    private readonly PageReader _pages;
    private readonly DamageLog _damage;
    private readonly uint _shortestWords;

    private byte* _next;
    private byte* _end;
    private ulong _time;
    private bool _lostPending;

    // The file ends inside the sub-buffer, which was noted: what does not fit any more is no further damage.
    private bool _isCut;

    // Sub-buffers without events since the last one with some.
    private long _emptyPages;
    private long _firstEmpty;
    private bool _isZeroed;

    private PageBlock _block;
    private int _pageInBlock;
    private byte* _page;
    private ulong _following = ulong.MaxValue;

    public RingBufferCursor(int cpu, EventDispatch dispatch, RecordLayout layout, PageReader pages, DamageLog damage)
        : base(cpu, dispatch, layout)
    {
        _pages = pages;
        _damage = damage;
        _shortestWords = (uint)(layout.MinimumLength + 3) / 4;
    }

    internal override ulong? PausedAt => _pages.PausedAt;

    /// <inheritdoc/>
    public override ulong LastTime => _time;

    // Runs hot from the first call: no time to wait for the tiers of the just-in-time compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool MoveNext()
    {
        var tags = Tags;
        var at = _next;
        var end = _end;
        var time = _time;
        long passed = 0;
        while (true)
        {
            if (at >= end)
            {
                _time = time;
                if (!NextPage())
                {
                    _next = _end = null;
                    EventCount += passed;
                    return false;
                }

                at = _next;
                end = _end;
                time = _time;
                continue;
            }

            var word = Unsafe.ReadUnaligned<uint>(at);
            var words = word & 31;
            byte* record;
            int length;
            if (words - _shortestWords <= 28 - _shortestWords)
            {
                record = at + 4;
                length = (int)words * 4;
                time += word >> 5;
            }
            else
            {
                // All that is rare: long records, padding, time stamps. It answers in fields, so that the locals of
                // this loop stay in registers.
                _time = time;
                var isRecord = ReadUncommon(at, end);
                time = _time;
                if (!isRecord)
                {
                    at = _next;
                    continue;
                }

                record = Record;
                length = RecordLength;
            }

            at = record + length;
            if (at > end)
            {
                Broken(
                    record - 4,
                    $"a record of {length} bytes to end inside its sub-buffer, {end - record} bytes are left"
                );
                at = end;
                continue;
            }

            passed++;
            var id = Unsafe.ReadUnaligned<ushort>(record + Layout.Type);
            var tag = tags[id];
            if (tag == 0)
                continue;

            Record = record;
            RecordLength = length;
            Timestamp = time;
            Id = id;
            Tag = tag;
            LostBefore = _lostPending;
            _lostPending = false;
            _next = at;
            _end = end;
            _time = time;
            EventCount += passed;
            return true;
        }
    }

    /// <summary>Handles what is no short data record.</summary>
    /// <returns>True for a long data record; else what follows is at <see cref="_next"/>.</returns>
    private bool ReadUncommon(byte* at, byte* end)
    {
        var word = Unsafe.ReadUnaligned<uint>(at);
        var delta = word >> 5;
        var type = word & 31;
        _next = end;
        if (type is > 0 and <= 28)
        {
            Broken(at, $"a record of at least {Layout.MinimumLength} bytes, found {type * 4}");
            return false;
        }

        if (type == 29 && delta == 0)
            return false; // the rest is padding
        if (end - at < 8)
        {
            Broken(at, "8 bytes of a long record, padding or time stamp");
            return false;
        }

        var second = Unsafe.ReadUnaligned<uint>(at + 4);
        switch (type)
        {
            case 0:
                return ReadLongRecord(at, end, second, delta);
            case 29:
                SkipDiscarded(at, end, second, delta);
                return false;
            case 30:
                SetTime(at, _time + delta + ((ulong)second << 27));
                return false;
            default:
                SetTime(at, Absolute(delta + ((ulong)second << 27), _time));
                return false;
        }
    }

    /// <summary>The length of a long record counts itself; records begin at whole words.</summary>
    private bool ReadLongRecord(byte* at, byte* end, uint length, uint delta)
    {
        if (length < 4 + Layout.MinimumLength || length > (uint)(end - at) - 4)
        {
            Broken(
                at,
                $"the length of a long record between {4 + Layout.MinimumLength} and {end - at - 4}, found {length}"
            );
            return false;
        }

        _time += delta;
        Record = at + 8;
        RecordLength = (int)((length - 4 + 3) & ~3u);
        return true;
    }

    /// <summary>
    /// A discarded event has its delta forced to 1 when it has none (rb_event_discard); rb_read_data_buffer counts any
    /// other.
    /// </summary>
    private void SkipDiscarded(byte* at, byte* end, uint length, uint delta)
    {
        if (length < 4 || length > (uint)(end - at) - 4)
        {
            Broken(at, $"the length of discarded data between 4 and {end - at - 4}, found {length}");
            return;
        }

        if (delta != 1)
            _time += delta;
        _next = at + 4 + ((length + 3) & ~3u);
    }

    /// <summary>
    /// Takes over a time that a stamp inside the sub-buffer gives, unless it cannot be: stamps only go forward, and not
    /// past the sub-buffer behind.
    /// </summary>
    private void SetTime(byte* at, ulong stamp)
    {
        _next = at + 8;
        if (stamp < _time || (stamp > _following && _following >= _time))
            Broken(at, $"a time stamp from {_time} to {_following}, found {stamp}");
        else
            _time = stamp;
    }

    /// <summary>An absolute stamp has 59 bits; the rest comes from the running time (rb_fix_abs_ts).</summary>
    private static ulong Absolute(ulong stamp, ulong running)
    {
        if ((running & AbsoluteTopBits) == 0)
            return stamp;
        stamp |= running & AbsoluteTopBits;
        return stamp < running ? stamp + (1UL << 59) : stamp;
    }

    private bool NextPage()
    {
        while (true)
        {
            var start = _pageInBlock;
            var left = _block.Length - start;
            // The last sub-buffer of a block that is not the last is there for its time stamp only.
            if (left <= 0 || (!_block.IsLast && left <= _pages.PageSize))
            {
                if (!_pages.TryNext(out _block))
                {
                    NoteEmpty(atEnd: true);
                    return false;
                }

                _pageInBlock = 0;
                continue;
            }

            _pageInBlock += _pages.PageSize;
            _page = _block.Pointer + start;
            if (OpenPage(Math.Min(left, _pages.PageSize), left))
                return true;
        }
    }

    private bool OpenPage(int available, int left)
    {
        _isCut = false;
        if (available < HeaderBytes)
        {
            Broken(_page, $"a sub-buffer header of {HeaderBytes} bytes, {available} are left");
            return false;
        }

        var stamp = Unsafe.ReadUnaligned<ulong>(_page);
        var commit = Unsafe.ReadUnaligned<uint>(_page + 8);
        var length = (int)(commit & LengthMask);
        var end = _page + HeaderBytes + Math.Min(length, available - HeaderBytes);
        if (length == 0)
        {
            if ((commit & LostBit) != 0)
                NoteLoss(commit, length, available);
            if (_emptyPages++ == 0)
                _firstEmpty = PlaceOf(_page);
            _isZeroed |= stamp == 0;
            return false;
        }

        if (length > _pages.PageSize - HeaderBytes || (length & 3) != 0)
        {
            Broken(_page + 8, $"a data length of whole words up to {_pages.PageSize - HeaderBytes}, found {length}");
            return false;
        }

        if (!IsPlausible(stamp, left))
            return false;
        NoteEmpty(atEnd: false);
        if ((commit & LostBit) != 0)
            NoteLoss(commit, length, available);
        if (length > available - HeaderBytes)
        {
            // The loss lies behind the events that are left.
            _damage.Add(
                _pages.File,
                PlaceOf(_page + available),
                $"expected {length - (available - HeaderBytes)} more bytes of the sub-buffer at byte {PlaceOf(_page)}, "
                    + "found the end",
                Cpu
            );
            HasUncountedLoss = true;
            _isCut = true;
        }

        _next = _page + HeaderBytes;
        _end = _page + HeaderBytes + ((end - _page - HeaderBytes) & ~3L);
        _time = stamp;
        FirstTime ??= stamp;
        return true;
    }

    /// <summary>
    /// The kernel hands over no sub-buffer without events but the last one, and stamps that, too: others were
    /// overwritten by zeros (a crash, a sparse copy), or could not be decompressed.
    /// </summary>
    private void NoteEmpty(bool atEnd)
    {
        if (_isZeroed || _emptyPages > (atEnd ? 1 : 0))
        {
            _damage.Add(
                _pages.File,
                _firstEmpty,
                $"expected events in {_emptyPages} sub-buffers from here on, found none",
                Cpu
            );
            _lostPending = true;
            HasUncountedLoss = true;
        }

        _emptyPages = 0;
        _isZeroed = false;
    }

    private void NoteLoss(uint commit, int length, int available)
    {
        _lostPending = true;
        if ((commit & LostCountBit) != 0 && HeaderBytes + length + 8 <= available)
            LostEvents += (long)Math.Min(Unsafe.ReadUnaligned<ulong>(_page + HeaderBytes + length), 1UL << 40);
        else
            HasUncountedLoss = true;
    }

    /// <summary>
    /// A damaged stamp would push everything behind it out of order: a sub-buffer whose stamp fits neither the one
    /// before nor the one after, while those fit each other, is passed over. A clock that really went back is noted and
    /// followed.
    /// </summary>
    private bool IsPlausible(ulong stamp, int left)
    {
        var last = _time;
        _following = ulong.MaxValue;
        var next = _page + _pages.PageSize;
        if (left >= _pages.PageSize + HeaderBytes && (Unsafe.ReadUnaligned<uint>(next + 8) & LengthMask) != 0)
            _following = Unsafe.ReadUnaligned<ulong>(next);

        if (stamp > _following && _following >= last)
        {
            Broken(_page, $"a time stamp up to {_following}, that of the sub-buffer behind, found {stamp}");
            return false;
        }

        if (stamp >= last)
            return true;
        if (_following != ulong.MaxValue && _following >= last)
        {
            Broken(_page, $"a time stamp from {last} to {_following}, found {stamp}");
            return false;
        }

        _damage.Add(
            _pages.File,
            PlaceOf(_page),
            $"expected a time stamp of at least {last}, found {stamp}: the clock of CPU {Cpu} went back",
            Cpu
        );
        return true;
    }

    private void Broken(byte* at, string expected)
    {
        if (!_isCut)
            _damage.Add(_pages.File, PlaceOf(at), "expected " + expected, Cpu);
        _lostPending = true;
        HasUncountedLoss = true;
    }

    private long PlaceOf(byte* at) => _pages.PlaceOf(at - _block.Pointer);
}
