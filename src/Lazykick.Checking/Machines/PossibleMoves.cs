using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Which moves of one position can be made, as a table over what their guards read: most of them cannot, and one look
/// rules them all out.
/// </summary>
internal sealed class PossibleMoves<T> : Table<T>
    where T : unmanaged, IPacked<T>
{
    private const int MaxBits = 10;
    private const int MaxMoves = 30;
    private const int Filled = 1 << MaxMoves;

    private readonly IReadOnlyList<Move> _moves;

    private PossibleMoves(Layout layout, IReadOnlyList<Move> moves, HashSet<Field> fields)
        : base(layout, fields) => _moves = moves;

    /// <summary>The table, or null where it would be too large or have nothing to rule out.</summary>
    public static PossibleMoves<T>? Of(Layout layout, IReadOnlyList<Move> moves)
    {
        var fields = new HashSet<Field>();
        foreach (var move in moves)
            move.Guard?.AddFields(fields);
        return moves.Count is > 1 and <= MaxMoves && fields.Count > 0 && fields.Sum(f => f.Width) <= MaxBits
            ? new(layout, moves, fields)
            : null;
    }

    /// <summary>A bit for each move, in their order.</summary>
    public uint At(in T state) => (uint)(Lookup(state) & ~Filled);

    protected override int Compute(int[] fields)
    {
        var possible = Filled;
        for (var i = 0; i < _moves.Count; i++)
        {
            if (_moves[i].Guard is not { } guard || guard.Of(fields) != 0)
                possible |= 1 << i;
        }

        return possible;
    }
}
