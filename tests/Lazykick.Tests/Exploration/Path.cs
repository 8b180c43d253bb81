namespace Lazykick.Tests.Exploration;

/// <summary>
/// A step that the scheduler may take: an operation of a thread, or a background step of its store buffer.
/// </summary>
internal readonly record struct Step(int Thread, Operation Operation)
{
    public bool IsSame(in Step other) =>
        Thread == other.Thread
        && (Operation.Kind == OperationKind.Flush) == (other.Operation.Kind == OperationKind.Flush);

    public bool CommutesWith(in Step other) => Thread != other.Thread && Operation.CommutesWith(other.Operation);
}

/// <summary>The choices of one execution.</summary>
internal interface IPath : IChoices
{
    /// <summary>One of the enabled steps, or null if everything that follows has been seen elsewhere.</summary>
    Step? Choose(List<Step> enabled, int lastThread);
}

/// <summary>
/// Depth first, by running again from the start. Without a bound on preemptions, sleep sets leave out orders that only
/// swap commuting steps; with one (which sleep sets would make unsound) they are off.
/// </summary>
internal sealed class DepthFirstPath(int? preemptionBound, int[]? replay = null) : IPath
{
    private readonly List<Node> _nodes = [];
    private int _depth;
    private int _preemptions;
    private List<Step> _sleep = [];

    /// <summary>The choices so far, as a string that a replay understands.</summary>
    public string Text => string.Join('.', _nodes.Take(_depth).Select(node => node.Index));

    public void Restart()
    {
        _depth = _preemptions = 0;
        _sleep = [];
    }

    /// <summary>Goes to the next path; false if there is none.</summary>
    public bool Advance()
    {
        while (_nodes.Count > 0)
        {
            var last = _nodes[^1];
            if (++last.Index < last.Count)
                return true;
            _nodes.RemoveAt(_nodes.Count - 1);
        }

        return false;
    }

    public int Choose(int count) => count == 1 ? 0 : Next(() => new Node(count, null)).Index;

    public Step? Choose(List<Step> enabled, int lastThread)
    {
        var node = Next(() =>
        {
            List<Step> candidates = [.. Candidates(enabled, lastThread)];
            return new Node(candidates.Count, candidates);
        });
        if (node.Count == 0)
            return null;
        var chosen = node.Candidates![node.Index];
        if (preemptionBound is not null)
        {
            if (
                chosen.Thread != lastThread
                && enabled.Exists(step => step.Thread == lastThread && step.Operation.Kind != OperationKind.Flush)
            )
            {
                _preemptions++;
            }
        }
        else
        {
            _sleep = [.. _sleep.Concat(node.Candidates.Take(node.Index)).Where(step => step.CommutesWith(chosen))];
        }

        return chosen;
    }

    private IEnumerable<Step> Candidates(List<Step> enabled, int lastThread)
    {
        IEnumerable<Step> ordered = enabled.OrderBy(step => step.Thread == lastThread ? 0 : 1);
        if (preemptionBound is null)
            return ordered.Where(step => !_sleep.Exists(asleep => asleep.IsSame(step)));
        var mustStay =
            _preemptions >= preemptionBound
            && enabled.Exists(step => step.Thread == lastThread && step.Operation.Kind != OperationKind.Flush);
        return ordered.Where(step =>
            !mustStay || step.Thread == lastThread || step.Operation.Kind == OperationKind.Flush
        );
    }

    private Node Next(Func<Node> create)
    {
        if (_depth == _nodes.Count)
        {
            var node = create();
            node.Index = replay is not null && _depth < replay.Length ? replay[_depth] : 0;
            _nodes.Add(node);
        }

        return _nodes[_depth++];
    }

    private sealed class Node(int count, List<Step>? candidates)
    {
        public int Index;

        public int Count => count;

        public List<Step>? Candidates => candidates;
    }
}

/// <summary>At random, from a seed.</summary>
internal sealed class RandomPath(int seed) : IPath
{
    private readonly Random _random = new(seed);

    // Loads are mostly fresh: always guessing evenly among all old values rarely gets a thread anywhere.
    public int Choose(int count) => count == 1 || _random.Next(3) != 0 ? 0 : _random.Next(count);

    public Step? Choose(List<Step> enabled, int lastThread)
    {
        var last = enabled.FindIndex(step => step.Thread == lastThread);
        return last >= 0 && _random.Next(2) == 0 ? enabled[last] : enabled[_random.Next(enabled.Count)];
    }
}
