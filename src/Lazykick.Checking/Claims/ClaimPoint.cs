using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>One thing that a claim comes to.</summary>
/// <param name="Text">It, in one line; empty if it is the claim itself.</param>
/// <param name="IsBeyond">The exploration says so, though nobody claimed it: the claim's outcome does not rest on
/// it.</param>
/// <param name="Clauses">When it comes out how; the first that holds decides.</param>
/// <param name="Waits">What it waits for; then there are no clauses.</param>
/// <param name="Span">Where it is written.</param>
public sealed record ClaimPoint(
    string Text,
    bool IsBeyond,
    IReadOnlyList<ClaimClause> Clauses,
    string? Waits,
    SourceSpan Span
);

/// <summary>An outcome and the verdicts that would bring it about.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Assumption">What it depends on, for <see cref="ClaimOutcome.Depends"/>.</param>
/// <param name="When">A formula over verdicts.</param>
public sealed record ClaimClause(ClaimOutcome Outcome, string? Assumption, ClaimFormula When);

/// <summary>How a claim, or one point of it, comes out.</summary>
public enum ClaimOutcome
{
    /// <summary>No clause fits the verdicts.</summary>
    Open,

    /// <summary>The exploration shows it.</summary>
    Confirmed,

    /// <summary>The exploration shows the opposite.</summary>
    Refuted,

    /// <summary>It holds or not with an assumption.</summary>
    Depends,

    /// <summary>Its points come out differently.</summary>
    Partly,

    /// <summary>It needs what this version does not have.</summary>
    NotExplored,
}
