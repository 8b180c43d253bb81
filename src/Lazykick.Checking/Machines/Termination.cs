using System.Runtime.CompilerServices;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>
/// S8 (M20): finds the states from which others can be reached over moves that are not free. For most states the one
/// move that was noted while searching already leads there; only for the rest are all moves asked for.
/// </summary>
internal sealed class Termination<T>(PartSpace<T> space, Workers? workers, Func<bool> isOver)
    where T : unmanaged, IPacked<T>
{
    private const int StepsBetweenChecks = 1 << 12;

    private readonly Bitmap _reaches = new(space.States.Count);
    private int _steps;

    /// <summary>Bytes that the work takes while few states are left for it.</summary>
    public static long BytesFor(long states) => states / 4;

    /// <summary>The states that are asked for and cannot reach a target, by number; null if it was ended.</summary>
    /// <param name="isTarget">Is the state of a key one that is to be reached?</param>
    /// <param name="isAsked">Is it asked of the state of a key whether it can?</param>
    public IReadOnlyList<int>? NotReaching(Func<ulong, bool> isTarget, Func<ulong, bool> isAsked)
    {
        var states = space.States.Count;
        var isWhole = true;
        Share(worker =>
        {
            var (from, to) = ShareOf(worker, states);
            for (var state = from; state < to; state++)
            {
                if (isTarget(space.States.Keys[state]))
                    _reaches.SetShared(state);
            }
        });
        Share(worker =>
        {
            if (!FollowPolicy(worker, states))
                isWhole = false;
        });
        if (!isWhole)
            return null;
        var asked = new List<int>();
        for (var state = 0; state < states; state++)
        {
            if (!_reaches.Has(state) && isAsked(space.States.Keys[state]))
                asked.Add(state);
        }

        if (asked.Count > 0 && !SearchBack(asked))
            return null;
        return [.. asked.Where(s => !_reaches.Has(s))];
    }

    private void Share(Action<int> work)
    {
        if (workers is null)
            work(0);
        else
            workers.Run(work);
    }

    private (int From, int To) ShareOf(int worker, int states) => workers?.ShareOf(worker, states) ?? (0, states);

    /// <summary>
    /// Goes from each state of a share along the noted moves; no worker goes through a state twice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool FollowPolicy(int worker, int states)
    {
        var seen = new Bitmap(states);
        var way = new List<int>();
        var (from, to) = ShareOf(worker, states);
        for (var first = to - 1; first >= from; first--)
        {
            // The first worker looks for all: the others end with their shares.
            if (worker == 0 && IsOver())
                return false;
            way.Clear();
            var state = first;
            while (state >= 0 && !_reaches.Has(state) && !seen.Has(state))
            {
                seen.Set(state);
                way.Add(state);
                state = space.Policy[state] == PartSpace<T>.NotNumbered ? FindPolicy(state) : space.Policy[state];
            }

            if (state < 0 || !_reaches.Has(state))
                continue;
            foreach (var passed in way)
                _reaches.SetShared(passed);
        }

        return true;
    }

    // The machine may be asked again: one at a time.
    private int FindPolicy(int state)
    {
        lock (_reaches)
            return space.FindPolicy(state);
    }

    /// <summary>
    /// Asks for all steps of the states that are left, and of what follows them, and goes back over those from known
    /// states.
    /// </summary>
    private bool SearchBack(List<int> asked)
    {
        var edges = new List<(int From, int To)>();
        var next = new int[16];
        var seen = new Bitmap(space.States.Count);
        var open = new Stack<int>(asked);
        asked.ForEach(seen.Set);
        while (open.TryPop(out var state))
        {
            if (IsOver())
                return false;
            var count = space.Follow(state, ref next);
            if (Array.Exists(next[..count], _reaches.Has))
            {
                _reaches.Set(state);
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                edges.Add((state, next[i]));
                if (seen.Has(next[i]))
                    continue;
                seen.Set(next[i]);
                open.Push(next[i]);
            }
        }

        edges.Sort((a, b) => a.To.CompareTo(b.To));
        for (var i = 0; i < edges.Count; i++)
        {
            if (_reaches.Has(edges[i].To))
                Reach(edges[i].From);
        }

        while (open.TryPop(out var state))
        {
            if (IsOver())
                return false;
            for (var i = FirstInto(state); i < edges.Count && edges[i].To == state; i++)
                Reach(edges[i].From);
        }

        return true;

        void Reach(int state)
        {
            if (_reaches.Has(state))
                return;
            _reaches.Set(state);
            open.Push(state);
        }

        int FirstInto(int state)
        {
            var (low, high) = (0, edges.Count);
            while (low < high)
            {
                var middle = (int)(((uint)low + (uint)high) / 2);
                (low, high) = edges[middle].To < state ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }

    private bool IsOver() => ++_steps % StepsBetweenChecks == 0 && isOver();
}
