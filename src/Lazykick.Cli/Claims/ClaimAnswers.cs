using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Claims;

/// <summary>Claims as decided under the memory model that the caller chose.</summary>
/// <param name="Memory">What was explored where a claim names no memory.</param>
/// <param name="Explorations">All of them.</param>
/// <param name="Results">How the claims came out.</param>
/// <param name="UnderSc">How the same claims come out under <c>sc</c>, to compare; null if that is what was
/// chosen.</param>
internal sealed record ClaimAnswers(
    MemoryModel Memory,
    Explorations Explorations,
    IReadOnlyList<ClaimResult> Results,
    IReadOnlyList<ClaimResult>? UnderSc
)
{
    /// <summary>How a claim comes out under <c>sc</c> if that is otherwise; else null.</summary>
    public ClaimResult? Otherwise(int claim) =>
        UnderSc is { } sc
        && !Results[claim].IsCutShort
        && !sc[claim].IsCutShort
        && Results[claim].DiffersFrom(sc[claim])
            ? sc[claim]
            : null;

    /// <summary>Explores and decides.</summary>
    public static ClaimAnswers Decide(
        IReadOnlyList<Claim> claims,
        MemoryModel memory,
        Explorations explorations,
        Action<int, int> explored,
        CancellationToken cancellation
    )
    {
        var results = new ClaimEvaluator(explorations).Decide(
            [.. claims.Select(c => c.Under(memory)), .. memory == MemoryModel.Sc ? [] : claims],
            explored,
            cancellation
        );
        return new ClaimAnswers(
            memory,
            explorations,
            [.. results.Take(claims.Count)],
            memory == MemoryModel.Sc ? null : [.. results.Skip(claims.Count)]
        );
    }
}
