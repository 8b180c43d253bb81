using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

internal sealed partial class NaiveMachine
{
    /// <summary>What is before a CPU that has kernel text before it (M18).</summary>
    /// <param name="Path">The path, or the declared place.</param>
    /// <param name="Line">Line of the step, 0 at a place.</param>
    /// <param name="Position">The whole position.</param>
    /// <param name="IsOrdinary">It is ordinary code, which may always be patched.</param>
    /// <param name="IsStale">The CPU may run the old instruction of a location whose kick has returned.</param>
    /// <param name="IsEqs">The CPU is in <c>eqs</c>.</param>
    public sealed record Standing(string Path, int Line, string Position, bool IsOrdinary, bool IsStale, bool IsEqs);

    public IEnumerable<Standing> Standings(NaiveState state)
    {
        var eqs = _values.InEqs(state);
        for (var cpu = 0; cpu < _cpus; cpu++)
        {
            var at = state.Cpus[cpu];
            var isEqs = (eqs >> cpu & 1) == 1;
            if (at.Top is { } top && top.At.Step is not RestStep { Kind: RestKind.Guest })
            {
                var step = top.At.Step;
                yield return new Standing(top.Path.Name, step.Span.Line, top.At.Describe(), IsOrdinary(step), IsStale(state, cpu, top.At), isEqs);
            }
            else if (at.Top is null && at.Place != "user")
            {
                yield return new Standing(at.Place, 0, at.Place, true, IsStale(state, cpu, null), isEqs);
            }
        }
    }

    /// <summary>Positions at which some CPU could come to stand, were no test in the way but those over knobs and flags (M20).</summary>
    public IReadOnlySet<string> PossibleSteps()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var cpu = 0; cpu < _cpus; cpu++)
        {
            foreach (var path in PathsOf(cpu))
                Possible(new Level(null, path.Body, 0, LevelKind.Path), cpu, found);
        }

        return found;
    }

    private void Possible(Level level, int cpu, HashSet<string> found)
    {
        for (; level.Index < level.Block.Count; level = level.Next())
        {
            var step = level.Step;
            if (!_walk.IsSilent(step))
                found.Add(level.Describe());
            switch (step)
            {
                case WhenStep test when _values.IsFixed(test.Condition):
                    var holds = _values.IsTrue(test.Condition, new NaiveState([], [], []), cpu, null);
                    Possible(level.Push(holds ? test.Then : test.Else, LevelKind.Branch), cpu, found);
                    break;
                case CallStep { Opaque: false } call:
                    Possible(level.Push(_scheme.Routines[call.Name].Body, LevelKind.Routine), cpu, found);
                    break;
                case SelectStep select when _scheme.Policies[select.Policy].Ask is { } ask:
                    Possible(level.Push(ask, LevelKind.Ask), cpu, found);
                    break;
                case KickStep kick:
                    var body = level.Push(_scheme.Kicks[kick.Name].Body, LevelKind.Kick);
                    Possible(body, cpu, found);
                    found.Add((body with { Index = body.Block.Count }).Describe());
                    break;
                case ForStep { AnyOrder: true } loop:
                    var choosing = level.Push(loop.Body, LevelKind.ForAnyOrder, -1);
                    found.Add(choosing.Describe());
                    Possible(choosing with { Cpu = 0 }, cpu, found);
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

    private static bool IsOrdinary(Step step) => step is CodeStep or CallStep;

    private bool IsStale(NaiveState state, int cpu, Level? level)
    {
        for (var i = 0; i < state.Texts.Count; i++)
        {
            var text = state.Texts[i];
            var classes = _values.TextAt(i).Classes;
            if (text.MayRunOld(cpu) && (classes.Count == 0 || classes[text.Class] == ClassOf(level, classes)))
                return true;
        }

        return false;
    }

    /// <summary>The class of the text at a position, for a location with these classes.</summary>
    private static string ClassOf(Level? level, IReadOnlyList<string> classes)
    {
        for (var inner = level; inner?.Parent is { } outer; inner = outer)
        {
            if (outer.Step is SectionStep section && classes.Contains(section.TextClass))
                return section.TextClass;
        }

        return classes[0];
    }
}
