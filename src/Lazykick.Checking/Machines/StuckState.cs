using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Where it all ends for a kick that cannot return: goes on over moves that are not free until nothing new is left to
/// happen, so that a reader sees who waits for what, and who goes round in a loop.
/// </summary>
internal sealed class StuckState<T>(PartSpace<T> space)
    where T : unmanaged, IPacked<T>
{
    private const int MostStates = 3_000;
    private const int MostTries = 50;

    /// <summary>A state to which everything that can follow leads back; the first itself if none is near.</summary>
    /// <param name="first">Number of the state from which the kick cannot return.</param>
    /// <returns>The words of the state, and the instructions that are taken again and again.</returns>
    public Stuck From(int first)
    {
        var near = After(first).States.Where(IsSettled).ToList();
        for (var i = near.Count - 1; i >= Math.Max(0, near.Count - MostTries); i--)
        {
            var (states, moves) = After(near[i]);
            if (
                states.Count < MostStates
                && states.Where(IsSettled).All(s => s == near[i] || After(s).States.Contains(near[i]))
            )
            {
                return new Stuck(WordsOf(near[i]), moves);
            }
        }

        return new Stuck(WordsOf(first), new HashSet<Instruction>());
    }

    private ulong[] WordsOf(int state) => space.WordsOf(space.States.Keys[state]);

    private bool IsSettled(int state) => space.AllSettled(space.States.Keys[state]);

    /// <summary>The states that follow, in the order in which they are found, and what is done on the way.</summary>
    private (IReadOnlyList<int> States, HashSet<Instruction> Taken) After(int state)
    {
        var found = new List<int> { state };
        var seen = new HashSet<int>(found);
        var taken = new HashSet<Instruction>();
        for (var i = 0; i < found.Count && found.Count < MostStates; i++)
        {
            foreach (var (step, next) in space.Successors(found[i]).Where(s => !s.Move.Move.IsFree))
            {
                taken.UnionWith(step.Moves.Select(m => space.Memo.Move(m).Move.Instruction));
                if (seen.Add(next))
                    found.Add(next);
            }
        }

        return (found, taken);
    }
}
