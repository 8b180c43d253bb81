using System.Globalization;
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
    // Compiles the scheme again for each value of a knob: not for those who do not ask.
    private readonly Lazy<IReadOnlyDictionary<string, string>> _leftOut;

    internal CheckResult(
        CompiledScheme compiled,
        Func<string, SchemeExecution?> executionOf,
        Lazy<IReadOnlyDictionary<string, string>> leftOut
    )
    {
        Compiled = compiled;
        ExecutionOf = executionOf;
        _leftOut = leftOut;
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

    /// <summary>Properties that are not decided, each with the reason: the scheme does not state them, or does nothing
    /// that they are about.</summary>
    public required IReadOnlyDictionary<string, string> NotChecked { get; init; }

    /// <summary>
    /// Of those, the properties that only these knobs leave out, each with a value that brings it in: scope, no gap.
    /// </summary>
    public IReadOnlyDictionary<string, string> LeftOutByKnobs => _leftOut.Value;

    /// <summary>What was not explored although the verdicts need it: with one of these nothing is shown.</summary>
    public required IReadOnlyList<string> Gaps { get; init; }

    /// <summary>Knobs that leave something out, as one would give them to <c>--set</c>.</summary>
    public required IReadOnlyList<string> NotExplored { get; init; }

    /// <summary>What a reader should look at before trusting the scheme.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Every position of every path, by role.</summary>
    public required IReadOnlyList<WindowPosition> Positions { get; init; }

    /// <summary>Accesses that a CPU could have in flight; 0 under <c>sc</c>.</summary>
    public required int InFlight { get; init; }

    /// <summary>
    /// A CPU had no room in its window for a step that it could have issued otherwise: a larger window may reach more.
    /// If not, and the search is exhaustive, every larger window has the same space.
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

    /// <summary>
    /// Where <see cref="End"/> is <see cref="SearchEnd.Bitstate"/>: the chance that a state was taken for another one,
    /// at most; else 0.
    /// </summary>
    public double Missed { get; init; }

    /// <summary>By what the space was made smaller without any other answer; empty: every state counts (M21).</summary>
    public required IReadOnlyList<string> Reductions { get; init; }

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

    /// <summary>
    /// The shortest execution with a violation of a property, as moves and states; null if there is none.
    /// </summary>
    internal Func<string, SchemeExecution?> ExecutionOf { get; init; }

    /// <summary>The answer as a whole.</summary>
    /// <param name="asked">Names of properties; none: what the scheme promises.</param>
    public Answer AnswerOn(IReadOnlyCollection<string> asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var meant = Verdicts.Where(v => asked.Count == 0 ? v.IsPromised : asked.Contains(v.Property)).ToList();
        var names = meant.Select(v => v.Property).ToList();
        var broken = meant.Where(v => v.Verdict == Verdict.Violated).Select(v => v.Property).ToList();
        if (broken.Count > 0)
            return new Answer(AnswerKind.Broken, names, broken);
        if (End == SearchEnd.Bitstate)
            return new Answer(AnswerKind.NotShown, names, [BitstateReason]);
        if (End != SearchEnd.Exhausted)
            return new Answer(AnswerKind.GaveUp, names, []);

        var missing = Missing(asked).Concat(Gaps).ToList();
        return missing.Count > 0
            ? new Answer(AnswerKind.NotShown, names, missing)
            : new Answer(AnswerKind.Holds, names, []);
    }

    private string BitstateReason
    {
        get
        {
            // Rounded up: it is a bound.
            var missed = Math.Ceiling(1e6 * Missed) / 1e4;
            return string.Create(
                    CultureInfo.InvariantCulture,
                    $"bitstate, {States:N0} states seen, a state missed with a chance of at most {missed:0.####} %, "
                ) + "and what only such states lead to; S8 was not looked at";
        }
    }

    private bool IsGap(PropertyVerdict verdict) =>
        verdict.Verdict == Verdict.NotChecked && !LeftOutByKnobs.ContainsKey(verdict.Property);

    /// <summary>What was asked and not checked; that nothing was asked is no better.</summary>
    private IEnumerable<string> Missing(IReadOnlyCollection<string> asked)
    {
        var wanted = asked.Count > 0 ? asked : Scheme.Promises;
        foreach (var property in wanted.Where(p => NotChecked.ContainsKey(p) && !LeftOutByKnobs.ContainsKey(p)))
            yield return $"{property} is not checked: {NotChecked[property]}";
        foreach (var verdict in Verdicts.Where(v => IsGap(v) && v.IsPromised && wanted.Count == 0))
            yield return $"{verdict.Property} is not checked: {verdict.Reason}";
        if (
            !Verdicts.Any(v =>
                v.Verdict == Verdict.Holds && (asked.Count == 0 ? v.IsPromised : asked.Contains(v.Property))
            )
        )
        {
            yield return asked.Count == 0
                ? "nothing that it promises was checked"
                : "nothing that was asked was checked";
        }
    }

    /// <summary>The verdict on a property, by name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such property.</exception>
    public PropertyVerdict this[string property] =>
        Verdicts.FirstOrDefault(v => v.Property == property) ?? throw new KeyNotFoundException(property);
}
