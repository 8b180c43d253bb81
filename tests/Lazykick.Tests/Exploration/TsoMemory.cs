namespace Lazykick.Tests.Exploration;

/// <summary>
/// x86-TSO: one memory, each thread has a FIFO store buffer that drains in the background; a thread reads its own
/// newest buffered store. Locked instructions, fences and locks wait for an empty buffer.
/// </summary>
internal sealed class TsoMemory : IMemoryModel
{
    private readonly Dictionary<object, (long Value, int Version)> _memory = new(ReferenceEqualityComparer.Instance);
    private readonly List<Queue<(object Place, long Value)>> _buffers = [];
    private readonly List<Dictionary<object, int>> _read = [];

    public void AddThread(int creator)
    {
        _buffers.Add(new Queue<(object, long)>());
        _read.Add(new Dictionary<object, int>(ReferenceEqualityComparer.Instance));
    }

    public long Load(int thread, object place, long initial, bool acquire)
    {
        (var value, var version) = _memory.GetValueOrDefault(place, (initial, 0));
        _read[thread][place] = version;
        foreach ((var buffered, var newer) in _buffers[thread])
        {
            if (ReferenceEquals(buffered, place))
                value = newer;
        }

        return value;
    }

    public void LoadLate(int thread, object place, long initial, LateRead result) =>
        result.Value = Load(thread, place, initial, acquire: true);

    public bool HasLate(int thread) => false;

    public void Store(int thread, object place, long initial, long value, bool release)
    {
        _memory.TryAdd(place, (initial, 0));
        _buffers[thread].Enqueue((place, value));
    }

    public long ReadModifyWrite(int thread, object place, long initial, Func<long, long> change, bool full)
    {
        Drain(thread);
        (var value, var version) = _memory.GetValueOrDefault(place, (initial, 0));
        _memory[place] = (change(value), version + 1);
        return value;
    }

    public long CompareExchange(int thread, object place, long initial, long value, long comparand)
    {
        Drain(thread);
        (var old, var version) = _memory.GetValueOrDefault(place, (initial, 0));
        if (old == comparand)
            _memory[place] = (value, version + 1);
        else
            _read[thread][place] = version;
        return old;
    }

    public long Newest(object place, long initial) => _memory.GetValueOrDefault(place, (initial, 0)).Item1;

    public void Fence(int thread) => Drain(thread);

    public void AcquireFrom(int thread, object token) => Drain(thread);

    public void ReleaseTo(int thread, object token) => Drain(thread);

    public void Join(int thread, int ended) => Drain(ended);

    // A barrier that has to wait for the buffer is a flush followed by the barrier: those interleavings are all there.
    public bool CanRun(int thread, in Operation operation) =>
        operation.Kind switch
        {
            OperationKind.ReadModifyWrite
            or OperationKind.Fence
            or OperationKind.EnterGate
            or OperationKind.ExitGate
            or OperationKind.BeginWait
            or OperationKind.EndWait => _buffers[thread].Count == 0,
            _ => true,
        };

    public object? PendingFlush(int thread) => _buffers[thread].TryPeek(out var first) ? first.Place : null;

    public void Flush(int thread)
    {
        (var place, var value) = _buffers[thread].Dequeue();
        _memory[place] = (value, _memory[place].Version + 1);
    }

    public bool HasNews(int thread) =>
        _read[thread].Any(read => _memory.GetValueOrDefault(read.Key).Version > read.Value);

    public void TakeNews(int thread) => _read[thread].Clear();

    public void Finish() { }

    private void Drain(int thread)
    {
        while (_buffers[thread].Count > 0)
            Flush(thread);
    }
}
