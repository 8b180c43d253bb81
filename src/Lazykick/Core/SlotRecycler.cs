using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Places that a writer has cleared, until no reader can be on them. One grace period serves a batch; nobody waits for
/// it and no callback runs: the writer looks when it needs a place. Used under the map's lock.
/// </summary>
internal sealed class SlotRecycler<TMemory>(GracePeriods<TMemory> gracePeriods)
    where TMemory : struct, ISharedMemory
{
    private const int BatchSize = 256;

    private readonly Queue<(long Cookie, List<int> Places)> _waiting = new();
    private readonly Stack<List<int>> _spares = new();
    private List<int> _open = [];

    /// <summary>Takes a place that has just been cleared.</summary>
    public void Add(int place)
    {
        _open.Add(place);
        if (_open.Count >= BatchSize)
        {
            CloseBatch();
        }
    }

    /// <summary>The next batch of places that nobody can be on; null if there is none yet.</summary>
    /// <remarks>The batch is given back by <see cref="GiveBack"/>.</remarks>
    public List<int>? TryTake()
    {
        if (_waiting.Count == 0 && _open.Count > 0)
        {
            CloseBatch();
        }

        if (_waiting.Count == 0 || !gracePeriods.HasElapsed(_waiting.Peek().Cookie))
        {
            return null;
        }

        return _waiting.Dequeue().Places;
    }

    /// <summary>Keeps an empty list for later.</summary>
    public void GiveBack(List<int> batch)
    {
        batch.Clear();
        _spares.Push(batch);
    }

    /// <summary>Forgets all places: their table has been replaced.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _spares.Clear();
        _open = [];
    }

    private void CloseBatch()
    {
        // Not refused by a domain that is being disposed: the place has been cleared already.
        _waiting.Enqueue((gracePeriods.Begin(), _open));
        _open = _spares.TryPop(out var spare) ? spare : new List<int>(BatchSize);
    }
}
