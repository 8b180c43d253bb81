using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Claims;

/// <summary>What the formulas of one claim talk about, and whether they hold of it.</summary>
internal sealed class FormulaValues(
    IReadOnlyDictionary<string, CheckResult> runs,
    IReadOnlyDictionary<string, ClaimList> lists
)
{
    public bool Holds(ClaimFormula formula) =>
        formula switch
        {
            AllOf f => f.Operands.All(Holds),
            AnyOf f => f.Operands.Any(Holds),
            Negation f => !Holds(f.Operand),
            VerdictFormula f => Find(f.Run, f.Property)?.Verdict == f.Verdict,
            PositionFormula f => Holds(f),
            WindowsFormula f => Compare(f),
            NumbersFormula f => Compare(Number(f.Left), Number(f.Right), f.Comparison),
            ListsFormula f => lists[f.Left].Items.SequenceEqual(lists[f.Right].Items, StringComparer.Ordinal),
            _ => throw new InvalidOperationException($"a formula of unknown kind at {formula.Span}"),
        };

    // Null for an assertion that the run's knobs leave out.
    private PropertyVerdict? Find(string run, string property) =>
        runs[run].Verdicts.FirstOrDefault(v => v.Property == property);

    private bool Holds(PositionFormula formula)
    {
        var meant = runs[formula.Run].Positions.Where(formula.Pattern.Matches).ToList();
        return meant.Count > 0 && (formula.Every ? meant.All(Is) : meant.Exists(Is));

        bool Is(WindowPosition position) =>
            formula.Fact switch
            {
                PositionFact.Window => position.MayRunStale,
                PositionFact.Eqs => position.MayBeInEqs,
                _ => position.IsTaken && position.IsVisited,
            };
    }

    // Positions that only one of the two has (an added isb, say) have nothing to be compared with.
    private bool Compare(WindowsFormula formula)
    {
        var both = Keys(formula.Left, false);
        both.IntersectWith(Keys(formula.Right, false));
        var left = Keys(formula.Left, true);
        var right = Keys(formula.Right, true);
        left.IntersectWith(both);
        right.IntersectWith(both);
        return formula.Comparison switch
        {
            ClaimComparison.Equal => left.SetEquals(right),
            ClaimComparison.NotEqual => !left.SetEquals(right),
            ClaimComparison.Less => left.IsProperSubsetOf(right),
            _ => left.IsSubsetOf(right),
        };
    }

    private HashSet<string> Keys(string run, bool onlyWindows) =>
        [
            .. runs[run]
                .Positions.Where(p => !onlyWindows || p.MayRunStale)
                .Select(p => $"{p.Role} {p.Path}/{string.Join('/', p.Calls)} {p.Step}"),
        ];

    /// <summary>Null for the length of a counterexample that there is not.</summary>
    private long? Number(ClaimNumber number) =>
        number switch
        {
            ClaimNumber.Constant c => c.Value,
            ClaimNumber.States s => runs[s.Run].States,
            ClaimNumber.Length l => Find(l.Run, l.Property) is { Verdict: Verdict.Violated, Length: var length }
                ? length
                : null,
            ClaimNumber.Count c => lists[c.List].Items.Count,
            _ => null,
        };

    private static bool Compare(long? left, long? right, ClaimComparison comparison) =>
        comparison switch
        {
            ClaimComparison.Equal => left is not null && left == right,
            ClaimComparison.NotEqual => left is not null && right is not null && left != right,
            ClaimComparison.Less => left < right,
            _ => left <= right,
        };
}
