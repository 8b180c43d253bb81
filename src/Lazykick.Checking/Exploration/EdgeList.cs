using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// The moves between states, as indices of states: first those of state 0, then those of state 1, and so on.
/// </summary>
internal sealed class EdgeList
{
    private readonly ChunkedList<int> _starts = new();
    private readonly ChunkedList<int> _edges = new();

    public int Count => _edges.Count;

    /// <summary>States whose moves are in the list; the last call of <see cref="BeginState"/> ends them.</summary>
    public int States => _starts.Count - 1;

    /// <summary>Bytes held.</summary>
    public long Bytes => _starts.Bytes + _edges.Bytes;

    /// <summary>The moves that follow are those of the next state.</summary>
    public void BeginState() => _starts.Add(_edges.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int target) => _edges.Add(target);

    /// <summary>Index of the first move of a state.</summary>
    public int StartOf(int state) => _starts[state];

    public int TargetOf(int edge) => _edges[edge];
}
