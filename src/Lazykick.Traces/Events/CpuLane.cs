using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Lazykick.Traces.Containers;

namespace Lazykick.Traces.Events;

/// <summary>
/// Reads one CPU ahead of the joiner: while it works through one chunk, a worker fills the other. A chunk that no
/// worker has begun when the joiner asks for it is filled by the joiner itself, so that waiting is never for a thread
/// that waits too.
/// </summary>
internal sealed class CpuLane : IDisposable
{
    private const int Idle = 0;
    private const int Queued = 1;
    private const int Running = 2;
    private const int Full = 3;

    private readonly CpuEventCursor _cursor;
    private readonly CpuScanner _scanner;
    private readonly LaneWorkers _workers;
    private readonly ManualResetEventSlim _filled = new(false, 0);
    private readonly int _recordCapacity;
    private readonly int _stepCapacity;

    private CpuChunk? _back;
    private CpuChunk? _spare;
    private ExceptionDispatchInfo? _error;
    private int _state;
    private bool _ended;

    public CpuLane(CpuEventCursor cursor, CpuScanner scanner, LaneWorkers workers, int recordCapacity, int stepCapacity)
    {
        _cursor = cursor;
        _scanner = scanner;
        _workers = workers;
        _recordCapacity = recordCapacity;
        _stepCapacity = stepCapacity;
    }

    public int Cpu => _cursor.Cpu;

    public CpuScanner Scanner => _scanner;

    public CpuEventCursor Cursor => _cursor;

    /// <summary>Has the next chunk filled in the background.</summary>
    public void Start()
    {
        _back = _spare ?? new CpuChunk(_recordCapacity, _stepCapacity);
        _spare = null;
        _filled.Reset();
        Volatile.Write(ref _state, Queued);
        _workers.Add(this);
    }

    /// <summary>The next chunk; the one before is taken back.</summary>
    public CpuChunk Take(CpuChunk? done, CancellationToken cancellation)
    {
        if (!TryFill())
            _filled.Wait(cancellation);
        _error?.Throw();
        var chunk = _back!;
        Volatile.Write(ref _state, Idle);
        done?.Clear();
        _spare = done;
        if (!_ended)
            Start();
        return chunk;
    }

    /// <summary>Fills the waiting chunk unless another thread has begun to.</summary>
    public bool TryFill()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Queued) != Queued)
            return false;
        try
        {
            Fill(_back!);
        }
        catch (Exception error)
        {
            // Thrown again where the chunk is asked for: a worker has nobody to tell.
            _error = ExceptionDispatchInfo.Capture(error);
        }

        Volatile.Write(ref _state, Full);
        _filled.Set();
        return true;
    }

    public void Dispose() => _filled.Dispose();

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
