using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Lazykick.Traces.Containers;

namespace Lazykick.Traces.Events;

/// <summary>
/// Reads one CPU ahead of the joiner: while that works through one chunk, workers fill the next ones, one after
/// another. Where none is full when the joiner asks for it, the joiner fills chunks itself rather than wait, so that
/// waiting is never for a thread that waits too.
/// </summary>
internal sealed class CpuLane : IDisposable
{
    private readonly CpuEventCursor _cursor;
    private readonly CpuScanner _scanner;
    private readonly LaneWorkers _workers;
    private readonly ChunkSize _size;
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _filled = new(false, 0);
    private readonly Queue<CpuChunk> _full = new();
    private readonly Stack<CpuChunk> _free = new();

    private ExceptionDispatchInfo? _error;
    private int _chunks;
    private bool _wantsFilling;
    private bool _isFilling;
    private bool _ended;

    public CpuLane(CpuEventCursor cursor, CpuScanner scanner, LaneWorkers workers, ChunkSize size)
    {
        _cursor = cursor;
        _scanner = scanner;
        _workers = workers;
        _size = size;
    }

    public int Cpu => _cursor.Cpu;

    public CpuScanner Scanner => _scanner;

    public CpuEventCursor Cursor => _cursor;

    /// <summary>Has the first chunks filled in the background.</summary>
    public void Start()
    {
        lock (_lock)
            AskForFilling();
    }

    /// <summary>The next chunk; the one before is taken back.</summary>
    public CpuChunk Take(CpuChunk? done, CancellationToken cancellation)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_full.TryDequeue(out var chunk))
                {
                    if (done is not null)
                    {
                        done.Clear();
                        _free.Push(done);
                        AskForFilling();
                    }

                    return chunk;
                }

                _error?.Throw();
                _filled.Reset();
            }

            if (!TryFill() && !_workers.TryFillOne())
                _filled.Wait(cancellation);
        }
    }

    /// <summary>Fills a chunk, unless there are enough or another thread is at it.</summary>
    public bool TryFill()
    {
        CpuChunk? chunk;
        lock (_lock)
        {
            if (!_wantsFilling)
                return false;
            _wantsFilling = false;
            _isFilling = true;
            if (!_free.TryPop(out chunk))
            {
                chunk = new CpuChunk(_size.Records, _size.Steps);
                _chunks++;
            }
        }

        ExceptionDispatchInfo? error = null;
        try
        {
            Fill(chunk);
        }
        catch (Exception thrown)
        {
            // Thrown again where the chunk is asked for: a worker has nobody to tell.
            error = ExceptionDispatchInfo.Capture(thrown);
        }

        lock (_lock)
        {
            _isFilling = false;
            _error = error;
            if (error is null)
            {
                _full.Enqueue(chunk);
                AskForFilling();
            }

            _filled.Set();
        }

        return true;
    }

    public void Dispose() => _filled.Dispose();

    private void AskForFilling()
    {
        var hasRoom = _free.Count > 0 || _chunks < _size.ChunksOfLane;
        if (_wantsFilling || _isFilling || _ended || _error is not null || !hasRoom)
            return;
        _wantsFilling = true;
        _workers.Add(this);
    }

    // Runs hot from the first call: no time to wait for the tiers of the just-in-time compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(CpuChunk chunk)
    {
        var cursor = _cursor;
        var scanner = _scanner;
        var number = scanner.CallNumberOffset;
        scanner.Begin(chunk);
        while (!chunk.IsFull)
        {
            if (!cursor.MoveNext())
            {
                if (cursor.PausedAt is { } time)
                    scanner.Pause(time);
                else
                    _ended = true;
                break;
            }

            if (
                cursor.Tag is (byte)EventKind.SystemCallEnter or (byte)EventKind.SystemCallExit
                && !cursor.LostBefore
                && scanner.TrySystemCall(
                    (EventKind)cursor.Tag,
                    cursor.Timestamp,
                    cursor.Tag == (byte)EventKind.SystemCallExit ? CallNote.None : CallNote.Of(cursor.ReadInt32(number))
                )
            )
            {
                continue;
            }

            scanner.Accept(cursor.Current);
            if (scanner.WantsStack && cursor.CallChain is { IsEmpty: false } frames)
                scanner.AddStack(frames);
        }

        scanner.End(_ended);
    }
}
