using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

internal sealed partial class NaiveMachine
{
    /// <summary>
    /// What is before a CPU, and whether old text may run there (M18): not in user mode and not in a guest.
    /// </summary>
    /// <param name="Cpu">Which CPU.</param>
    /// <param name="Path">The path, or the declared place.</param>
    /// <param name="Line">Line of the step, 0 at a place.</param>
    /// <param name="Position">The whole position.</param>
    /// <param name="IsOrdinary">It is ordinary code, which may always be patched.</param>
    /// <param name="IsStale">The CPU may run the old instruction of a location whose kick has returned.</param>
    /// <param name="IsEqs">The CPU is in <c>eqs</c>.</param>
    public sealed record Standing(
        int Cpu,
        string Path,
        int Line,
        string Position,
        bool IsOrdinary,
        bool IsStale,
        bool IsEqs
    );

    public IEnumerable<Standing> Standings(NaiveState state)
    {
        var eqs = _values.InEqs(state);
        for (var cpu = 0; cpu < _cpus; cpu++)
        {
            var at = state.Cpus[cpu];
            var isEqs = (eqs >> cpu & 1) == 1;
            if (at.Top is { } top)
            {
                var step = top.At.Step;
                var isText = step is not RestStep { Kind: RestKind.Guest };
                yield return new Standing(
                    cpu,
                    top.Path.Name,
                    step.Span.Line,
                    top.At.Describe(),
                    step is CodeStep or CallStep,
                    isText && IsStale(state, cpu, top.At, null),
                    isEqs
                );
            }
            else
            {
                var isText = at.Place != "user";
                yield return new Standing(
                    cpu,
                    at.Place,
                    0,
                    at.Place,
                    isText,
                    isText && IsStale(state, cpu, null, isText ? _scheme.Places[at.Place].TextClass : null),
                    isEqs
                );
            }
        }
    }

    /// <summary>
    /// Steps that a CPU could come to stand, were no test in the way but those over knobs and flags (M20).
    /// </summary>
    public IReadOnlySet<string> PossibleSteps(int cpu)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in PathsOf(cpu))
            Possible(new Level(null, path.Body, 0, LevelKind.Path), cpu, found);
        return found;
    }

    public string RoleOf(int cpu) => _scheme.RoleOf(cpu).Name;

    private void Possible(Level level, int cpu, HashSet<string> found)
    {
        for (; level.Index < level.Block.Count; level = level.Next())
        {
            var step = level.Step;
            var names = _walk.NamesAt(level);
            if (!_walk.IsSilent(step, cpu, names))
                found.Add(level.Describe());
            switch (step)
            {
                case WhenStep test when _values.Decided.Fixed(test.Condition, cpu, names) is { } holds:
                    Possible(level.Push(holds != 0 ? test.Then : test.Else, LevelKind.Branch), cpu, found);
                    break;
                case CallStep { Opaque: false } call:
                    Possible(level.Push(_scheme.Routines[call.Name].Body, LevelKind.Routine), cpu, found);
                    break;
                case SelectStep select when _scheme.Policies[select.Policy].Ask is { } ask:
                    var target = _values.Decided.Fixed(select.Cpu, cpu, names)!.Value;
                    Possible(level.Push(ask, LevelKind.Ask, target), cpu, found);
                    break;
                case KickStep kick:
                    Possible(level.Push(_scheme.Kicks[kick.Name].Body, LevelKind.Kick), cpu, found);
                    break;
                case ForStep loop:
                    var turns = _values.Decided.Fixed(loop.Set, cpu, names) ?? (1 << _cpus) - 1;
                    var kind = loop.AnyOrder ? LevelKind.ForAnyOrder : LevelKind.For;
                    if (loop.AnyOrder)
                        found.Add(level.Push(loop.Body, kind, -1).Describe());
                    foreach (var turn in Enumerable.Range(0, _cpus).Where(t => (turns >> t & 1) == 1))
                        Possible(level.Push(loop.Body, kind, turn), cpu, found);
                    break;
                case TogetherStep:
                    break;
                default:
                    foreach (var block in Blocks(step))
                        Possible(level.Push(block, LevelKind.Branch), cpu, found);
                    break;
            }
        }
    }

    private bool IsStale(NaiveState state, int cpu, Level? level, string? runs)
    {
        for (var i = 0; i < state.Texts.Count; i++)
        {
            var text = state.Texts[i];
            var classes = _values.Layout.TextAt(i).Classes;
            if (text.MayRunOld(cpu) && (classes.Count == 0 || classes[text.Class] == ClassOf(level, runs, classes)))
                return true;
        }

        return false;
    }

    /// <summary>The class of the text at a position, for a location with these classes.</summary>
    private static string ClassOf(Level? level, string? runs, IReadOnlyList<string> classes)
    {
        for (var inner = level; inner?.Parent is { } outer; inner = outer)
        {
            if (outer.Step is SectionStep section && classes.Contains(section.TextClass))
                return section.TextClass;
        }

        return runs is not null && classes.Contains(runs) ? runs : classes[0];
    }
}
