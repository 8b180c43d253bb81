using Lazykick.Checking.Compilation;
using Lazykick.Checking.Cutoff;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Verdicts;

/// <summary>What a check found.</summary>
public sealed record CheckResult
{
    internal CheckResult(CompiledScheme compiled, Func<string, Trace?> traceOf)
    {
        Compiled = compiled;
        TraceOf = traceOf;
    }

    /// <summary>The scheme.</summary>
    public required Scheme Scheme { get; init; }

    /// <summary>Number of CPUs.</summary>
    public required int Cpus { get; init; }

    /// <summary>The memory model.</summary>
    public required MemoryModel Memory { get; init; }

    /// <summary>Every knob with the value that it had.</summary>
    public required IReadOnlyDictionary<string, string> Knobs { get; init; }

    /// <summary>A verdict for each property.</summary>
    public required IReadOnlyList<PropertyVerdict> Verdicts { get; init; }

    /// <summary>Properties of docs/machine.md that are not decided because the scheme, or the scheme with these knobs, does not state them: each with the reason.</summary>
    public required IReadOnlyDictionary<string, string> NotStated { get; init; }

    /// <summary>Every position of every path, by role.</summary>
    public required IReadOnlyList<WindowPosition> Positions { get; init; }

    /// <summary>Accesses that a CPU could have in flight; 0 under <c>sc</c>.</summary>
    public required int InFlight { get; init; }

    /// <summary>
    /// A CPU had no room in its window for a step that it could have issued otherwise: a larger window may reach more.
    /// If not, and the search
    /// is exhaustive, every larger window has the same space.
    /// </summary>
    public required bool InFlightReached { get; init; }

    /// <summary>Assumptions that the verdicts rest on.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>A kick returned in some execution.</summary>
    public required bool KickReturned { get; init; }

    /// <summary>Why the search ended.</summary>
    public required SearchEnd End { get; init; }

    /// <summary>
    /// Reachable states; the whole space if <see cref="End"/> is <see cref="SearchEnd.Exhausted"/> (rule M21).
    /// </summary>
    public required long States { get; init; }

    /// <summary>Moves between them.</summary>
    public required long Transitions { get; init; }

    /// <summary>Levels of the breadth-first search.</summary>
    public required int Levels { get; init; }

    /// <summary>Bits of a state.</summary>
    public required int StateBits { get; init; }

    /// <summary>Bytes held for states at the end.</summary>
    public required long Bytes { get; init; }

    /// <summary>Wall-clock time of the search.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Steps that no execution takes, in whatever path they are expanded: a scheme with such steps says less than it
    /// seems to.
    /// </summary>
    public IEnumerable<WindowPosition> NeverTaken =>
        Positions
            .Where(p => p.Step.Length > 0)
            .GroupBy(p => (p.Span, p.Step))
            .Where(g => !g.Any(p => p.IsTaken))
            .Select(g => g.First());

    /// <summary>Positions in the window: patched text there may run old after the kick.</summary>
    public IEnumerable<WindowPosition> Windows => Positions.Where(p => p.MayRunStale);

    /// <summary>Whether verdicts for 2 CPUs are those for any number of targets; null for more CPUs.</summary>
    public CutoffAnswer? FindCutoff() => Cpus == 2 ? CutoffCheck.Of(Scheme, Compiled.Knobs, Memory) : null;

    /// <summary>What was explored, for those who go on from its moves.</summary>
    internal CompiledScheme Compiled { get; }

    /// <summary>The shortest way to a violation of a property, as moves and states; null if there is none.</summary>
    internal Func<string, Trace?> TraceOf { get; }

    /// <summary>The verdict on a property, by name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such property.</exception>
    public PropertyVerdict this[string property] =>
        Verdicts.FirstOrDefault(v => v.Property == property) ?? throw new KeyNotFoundException(property);
}
