using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>A formula over what explorations found.</summary>
/// <param name="Span">Where it is written.</param>
public abstract record ClaimFormula(SourceSpan Span)
{
    /// <summary>The formulas that it is made of.</summary>
    public virtual IReadOnlyList<ClaimFormula> Parts => [];

    /// <summary>The formula itself and all that it is made of.</summary>
    public IEnumerable<ClaimFormula> All() => Parts.SelectMany(p => p.All()).Prepend(this);
}

/// <summary>All parts hold.</summary>
public sealed record AllOf(IReadOnlyList<ClaimFormula> Operands, SourceSpan Span) : ClaimFormula(Span)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ClaimFormula> Parts => Operands;
}

/// <summary>Some part holds.</summary>
public sealed record AnyOf(IReadOnlyList<ClaimFormula> Operands, SourceSpan Span) : ClaimFormula(Span)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ClaimFormula> Parts => Operands;
}

/// <summary>The operand does not hold.</summary>
public sealed record Negation(ClaimFormula Operand, SourceSpan Span) : ClaimFormula(Span)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ClaimFormula> Parts => [Operand];
}

/// <summary><c>run.S1 violated</c>: the verdict on a property.</summary>
public sealed record VerdictFormula(string Run, string Property, Verdict Verdict, SourceSpan Span) : ClaimFormula(Span);

/// <summary><c>run.window in el0_svc "body"</c>: something is so at some (or every) position of a kind.</summary>
public sealed record PositionFormula(
    string Run,
    PositionFact Fact,
    bool Every,
    PositionPattern Pattern,
    SourceSpan Span
) : ClaimFormula(Span);

/// <summary>
/// <c>a.windows &lt;= b.windows</c>: two sets of window positions, compared over the positions that both runs have.
/// </summary>
public sealed record WindowsFormula(string Left, ClaimComparison Comparison, string Right, SourceSpan Span)
    : ClaimFormula(Span);

/// <summary><c>a.states = b.states</c>, <c>a.S1.length &lt;= 12</c>: numbers compared.</summary>
public sealed record NumbersFormula(ClaimNumber Left, ClaimComparison Comparison, ClaimNumber Right, SourceSpan Span)
    : ClaimFormula(Span);

/// <summary><c>before = after</c>: two lists are item by item the same.</summary>
public sealed record ListsFormula(string Left, string Right, SourceSpan Span) : ClaimFormula(Span);

/// <summary>What may be so at a position of a path.</summary>
public enum PositionFact
{
    /// <summary><c>window</c>: text here may run old after the kick.</summary>
    Window,

    /// <summary><c>eqs</c>: a CPU may stand here in EQS.</summary>
    Eqs,

    /// <summary><c>taken</c>: the step is taken in some execution.</summary>
    Taken,
}

/// <summary>Which positions of the paths of a run are meant.</summary>
/// <param name="Role">Of CPUs of this role, or null.</param>
/// <param name="Blocks">In each of these paths, places or routines.</param>
/// <param name="Step">The step as written in the scheme, its quotes left out; or null.</param>
public sealed record PositionPattern(string? Role, IReadOnlyList<string> Blocks, string? Step)
{
    /// <summary>True if a position is meant.</summary>
    public bool Matches(WindowPosition position)
    {
        ArgumentNullException.ThrowIfNull(position);
        return (Role is null || Role == position.Role)
            && Blocks.All(b => b == position.Path || position.Calls.Contains(b, StringComparer.Ordinal))
            && (Step is null || Step == position.Step.Replace("\"", "", StringComparison.Ordinal));
    }
}

/// <summary>A number in a formula.</summary>
public abstract record ClaimNumber
{
    /// <summary>Written out.</summary>
    public sealed record Constant(int Value) : ClaimNumber;

    /// <summary><c>run.states</c>.</summary>
    public sealed record States(string Run) : ClaimNumber;

    /// <summary><c>run.S1.length</c>.</summary>
    public sealed record Length(string Run, string Property) : ClaimNumber;

    /// <summary><c>list.count</c>.</summary>
    public sealed record Count(string List) : ClaimNumber;
}

/// <summary>How two numbers or sets compare; for sets, less means: within, and not the same.</summary>
public enum ClaimComparison
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,
}
