using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>What left the windows in a step: from then on nothing can take it back.</summary>
internal sealed class Departures
{
    private readonly List<Move> _moves = [];

    /// <summary>The moves that left.</summary>
    public IReadOnlyList<Move> Moves => _moves;

    /// <summary>What they violate, as <see cref="AccessMarks"/>.</summary>
    public int Marks { get; private set; }

    public void Clear()
    {
        _moves.Clear();
        Marks = 0;
    }

    public void Add(Move move, int marks)
    {
        _moves.Add(move);
        Marks |= marks;
    }
}
