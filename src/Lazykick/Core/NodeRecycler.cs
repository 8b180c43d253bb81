namespace Lazykick.Core;

/// <summary>
/// Nodes that a writer has unlinked, until no reader can be on them. One grace period serves a batch; nobody waits for
/// it and no callback runs: the writer looks when it needs a node. Used under the map's lock.
/// </summary>
internal sealed class NodeRecycler(RcuDomain domain)
{
    private const int BatchSize = 256;

    private readonly Queue<(long Cookie, List<int> Nodes)> _waiting = new();
    private readonly Stack<List<int>> _spares = new();
    private List<int> _open = [];
    private List<int> _free = [];

    /// <summary>Takes a node that has just been unlinked.</summary>
    public void Add(int node)
    {
        _open.Add(node);
        if (_open.Count >= BatchSize)
        {
            CloseBatch();
        }
    }

    /// <summary>A node that nobody can be on; 0 if there is none yet.</summary>
    public int TryTake()
    {
        if (_free.Count == 0)
        {
            if (_waiting.Count == 0 && _open.Count > 0)
            {
                CloseBatch();
            }

            if (_waiting.Count == 0 || !domain.HasElapsed(_waiting.Peek().Cookie))
            {
                return 0;
            }

            _spares.Push(_free);
            _free = _waiting.Dequeue().Nodes;
        }

        var node = _free[^1];
        _free.RemoveAt(_free.Count - 1);
        return node;
    }

    /// <summary>Forgets all nodes: their table has been replaced.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _spares.Clear();
        _open = [];
        _free = [];
    }

    private void CloseBatch()
    {
        // Not refused by a domain that is being disposed: the node has been unlinked already.
        _waiting.Enqueue((domain.BeginGracePeriod(), _open));
        _open = _spares.TryPop(out var spare) ? spare : new List<int>(BatchSize);
    }
}
