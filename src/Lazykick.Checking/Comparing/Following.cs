using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Comparing;

/// <summary>
/// How far one scheme can follow an execution of another: it makes the moves that both schemes have, in the order of
/// the execution, and its own moves as it likes in between. Moves that only the other one has are left out.
/// </summary>
/// <param name="Moves">Moves of the execution that it can make, those counted that are left out.</param>
/// <param name="IsWhole">All of them.</param>
/// <param name="GaveUp">There were too many ways to try; it may be able to make more.</param>
/// <param name="Stands">
/// Where it is not the whole: before which steps the CPU that should move next may stand then.
/// </param>
public sealed record Following(int Moves, bool IsWhole, bool GaveUp, IReadOnlyList<RaceText> Stands)
{
    // States that the execution may have led to, at most.
    private const int MostStates = 20_000;

    internal static Following Of(
        SchemeExecution execution,
        CompiledScheme own,
        CompiledScheme other,
        CancellationToken cancellation
    )
    {
        var ownSteps = StepsOf(own);
        var otherSteps = StepsOf(other);
        var steps = Search.StepsOf(other);
        var starts = own.PlacesOf(execution.Start);
        var reached = Closure([.. steps.Starts.Where(s => other.PlacesOf(s).SequenceEqual(starts))]);
        if (reached.Count == 0)
            return new Following(0, false, false, []);
        for (var i = 0; i < execution.Steps.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var move = execution.Steps[i].Move;
            if (!otherSteps.Contains(StepOf(move)))
                continue;
            var next = reached
                .SelectMany(steps.From)
                .Where(s => IsSame(s.Move, move))
                .Select(s => s.After)
                .Distinct(StateWords.Comparer)
                .ToList();
            if (next.Count == 0)
                return new Following(i, false, false, Stands(reached, move.Instruction.Cpu));
            reached = Closure(next);
            if (reached.Count > MostStates)
                return new Following(i + 1, false, true, []);
        }

        return new Following(execution.Steps.Count, true, false, []);

        // States after any number of moves that only the other scheme has.
        List<ulong[]> Closure(List<ulong[]> states)
        {
            var seen = new HashSet<ulong[]>(states, StateWords.Comparer);
            for (var i = 0; i < states.Count && states.Count <= MostStates; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var step in steps.From(states[i]))
                {
                    if (!ownSteps.Contains(StepOf(step.Move)) && seen.Add(step.After))
                        states.Add(step.After);
                }
            }

            return states;
        }

        List<RaceText> Stands(List<ulong[]> states, int cpu) =>
            [
                .. states
                    .Select(s => steps.At(s, cpu))
                    .Distinct()
                    .Select(p => new RaceText(cpu, p.Path, p.IsPlace ? "" : p.Text, p.Span))
                    .DistinctBy(t => (t.Path, t.Step, t.Span)),
            ];
    }

    private static HashSet<(int, string, string)> StepsOf(CompiledScheme scheme) => [.. scheme.Moves.Select(StepOf)];

    private static (int Cpu, string Path, string Step) StepOf(Move move) =>
        (move.Instruction.Cpu, move.Instruction.Path, move.Instruction.Text);

    private static bool IsSame(Move move, Move other) =>
        StepOf(move) == StepOf(other)
        && move.Phase == other.Phase
        && move.Enters == other.Enters
        && move.Note == other.Note;
}
