using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// Finds the states that can reach others over moves that are not free. Most are found by a few sweeps from the last
/// state to the
/// first, which read the moves in order; the rest, if sweeps find too few, by turning their moves round. Either way the
/// time is linear
/// in the moves.
/// </summary>
internal sealed class BackwardReach(EdgeList edges, Func<bool> isOver)
{
    private const int StepsBetweenChecks = 1 << 16;

    // A sweep is worth another as long as it finds one in so many of the states that it looks at.
    private const int WorthOneIn = 8;

    private readonly bool[] _reaches = new bool[edges.States];
    private int _steps;

    /// <summary>Bytes that a search takes at most.</summary>
    public static long BytesFor(long states, long moves) => sizeof(int) * (3 * states + moves) + states;

    /// <summary>By state: can it reach one of the targets? Null if the work was ended.</summary>
    public bool[]? Reaching(IReadOnlyCollection<int> targets)
    {
        foreach (var target in targets)
            _reaches[target] = true;
        var rest = new int[_reaches.Length - targets.Distinct().Count()];
        var left = 0;
        for (var state = _reaches.Length - 1; state >= 0; state--)
        {
            if (!_reaches[state])
                rest[left++] = state;
        }

        while (left > 0 && targets.Count > 0)
        {
            var found = Sweep(rest.AsSpan(0, left));
            if (found < 0)
                return null;
            left -= found;
            if (found == 0)
                break;
            if (found < left / WorthOneIn)
                return TurnRound(rest.AsSpan(0, left)) ? _reaches : null;
        }

        return _reaches;
    }

    /// <summary>
    /// Looks for states that reach a known one in one move; those that do not are moved to the front.
    /// </summary>
    /// <returns>How many were found; -1 if the work was ended.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Sweep(Span<int> rest)
    {
        var left = 0;
        foreach (var state in rest)
        {
            if (IsOver())
                return -1;
            var end = edges.StartOf(state + 1);
            var e = edges.StartOf(state);
            while (e < end && (edges.IsFree(e) || !_reaches[edges.TargetOf(e)]))
                e++;
            if (e < end)
                _reaches[state] = true;
            else
                rest[left++] = state;
        }

        return rest.Length - left;
    }

    /// <summary>
    /// Finds all others. Moves between the rest are sorted by target: starts are counted two places ahead, so that
    /// filling in leaves each
    /// where it belongs. What reaches a known state at once begins the search.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TurnRound(ReadOnlySpan<int> rest)
    {
        var starts = new int[_reaches.Length + 2];
        var open = new Stack<int>();
        foreach (var state in rest)
        {
            if (IsOver())
                return false;
            for (var e = edges.StartOf(state); e < edges.StartOf(state + 1); e++)
            {
                if (edges.IsFree(e))
                    continue;
                if (_reaches[edges.TargetOf(e)])
                    open.Push(state);
                starts[edges.TargetOf(e) + 2]++;
            }
        }

        for (var i = 2; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        var sources = new int[starts[^1]];
        foreach (var state in rest)
        {
            if (IsOver())
                return false;
            for (var e = edges.StartOf(state); e < edges.StartOf(state + 1); e++)
            {
                if (!edges.IsFree(e))
                    sources[starts[edges.TargetOf(e) + 1]++] = state;
            }
        }

        while (open.TryPop(out var state))
        {
            if (IsOver())
                return false;
            if (_reaches[state])
                continue;
            _reaches[state] = true;
            for (var e = starts[state]; e < starts[state + 1]; e++)
                open.Push(sources[e]);
        }

        return true;
    }

    private bool IsOver() => ++_steps % StepsBetweenChecks == 0 && isOver();
}
