using System.Runtime.CompilerServices;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Recording;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Live;

/// <summary>
/// Reads the pages of one CPU while the kernel writes them, the unfinished one included. Where there is nothing more to
/// read it pauses at a time up to which everything has been delivered.
/// <para>
/// A round ends at the first page that begins after it, not where the buffer is empty: reading is a system call, which
/// is traced, so that the buffer of the CPU that reads is never empty.
/// </para>
/// </summary>
internal sealed unsafe class LivePageReader : PageReader, IDisposable
{
    private const int PagesAtOnce = 64;

    private readonly LiveRounds _rounds;
    private readonly SafeFileHandle _pages;
    private readonly byte[] _buffer;
    private readonly LastPages? _kept;
    private ulong? _pausedAt;

    // Everything older has been read.
    private ulong _complete;

    /// <param name="rounds">When to wait, and until when.</param>
    /// <param name="file">The CPU's trace_pipe_raw.</param>
    /// <param name="pageSize">Bytes of a sub-buffer.</param>
    /// <param name="kept">Gets a copy of each page; null = nobody wants one.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public LivePageReader(LiveRounds rounds, string file, int pageSize, LastPages? kept)
        : base(file, pageSize)
    {
        _rounds = rounds;
        _kept = kept;
        _pages = NativeCalls.OpenNonBlocking(file);
        _buffer = GC.AllocateUninitializedArray<byte>((PagesAtOnce * pageSize) + RingBufferCursor.Slack, pinned: true);
    }

    public override ulong? PausedAt => _pausedAt;

    public override bool TryNext(out PageBlock block)
    {
        while (true)
        {
            if (_complete < _rounds.Time && Fill(_rounds.Time) is var length and > 0)
            {
                _pausedAt = null;
                fixed (byte* start = _buffer)
                    block = new PageBlock((nint)start, length, IsLast: true);
                return true;
            }

            block = default;
            if (_rounds.HasEnded)
            {
                _pausedAt = null;
                return false;
            }

            if (_pausedAt is not { } paused || paused < _complete)
            {
                _pausedAt = _complete;
                return false;
            }

            _rounds.Next();
        }
    }

    public override long PlaceOf(long inBlock) => inBlock;

    public void Dispose() => _pages.Dispose();

    // Until the block is full, or nothing older than the time is left: a CPU's events come in the order of their times,
    // and each page begins with the time of its first.
    private int Fill(ulong time)
    {
        var length = 0;
        fixed (byte* start = _buffer)
        {
            while (length < PagesAtOnce * PageSize && _complete < time)
            {
                var page = start + length;
                var count = (int)NativeCalls.Read(_pages, page, (nuint)PageSize);
                if (count <= 0)
                {
                    _complete = time;
                    break;
                }

                new Span<byte>(page + count, PageSize - count).Clear();
                _kept?.Add(new ReadOnlySpan<byte>(page, PageSize));
                length += PageSize;
                if (Unsafe.ReadUnaligned<ulong>(page) >= time)
                    _complete = time;
            }
        }

        return length;
    }
}
