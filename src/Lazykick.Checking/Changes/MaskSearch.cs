namespace Lazykick.Checking.Changes;

/// <summary>
/// Finds the shortest masks within a run that mend. The longest mask is tried first: a shorter one allows all that a
/// longer one does, less the moves that mask. That holds of what an execution can violate.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="others">What is added besides.</param>
/// <param name="mends">Searches the scheme with a set of additions: the states of its space if it mends, else
/// null.</param>
internal sealed class MaskSearch(MaskRun run, IReadOnlyList<Part> others, Func<IReadOnlyList<Part>, long?> mends)
{
    /// <summary>The sets that mend, of whose masks no part does, and the states of their spaces.</summary>
    public IEnumerable<(IReadOnlyList<Part> Set, long States)> Shortest()
    {
        var last = 0;
        for (var first = 0; first < run.Steps.Count; first++)
        {
            // What begins later and mends does not end earlier.
            for (last = Math.Max(last, first); last < run.Steps.Count; last++)
            {
                var set = Set(first, last);
                if (mends(set) is not { } states)
                    continue;
                if (last == first || mends(Set(first + 1, last)) is null)
                    yield return (set, states);
                break;
            }
        }
    }

    private IReadOnlyList<Part> Set(int first, int last) => [run.Around(first, last - first + 1), .. others];
}
