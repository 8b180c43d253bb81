using Lazykick.Checking.Properties;

namespace Lazykick.Checking.Verdicts;

/// <summary>A counterexample: one shortest path to a violation.</summary>
/// <param name="Property">The property that it violates.</param>
/// <param name="Starts">By CPU: the place where it starts.</param>
/// <param name="Roles">By CPU: its role.</param>
/// <param name="Moves">The moves in order.</param>
/// <param name="OldText">
/// Where the violation is old text that may run: on which CPU and before which step; else null.
/// </param>
public sealed record Race(
    Property Property,
    IReadOnlyList<string> Starts,
    IReadOnlyList<string> Roles,
    IReadOnlyList<RaceMove> Moves,
    RaceText? OldText
)
{
    /// <summary>Before the first move and after each: by CPU, whether it is in the EQS.</summary>
    public IReadOnlyList<IReadOnlyList<bool>> Eqs { get; init; } = [];

    /// <summary>For S8, by CPU: where it stands when nothing that must happen is left; else empty.</summary>
    public IReadOnlyList<RaceStanding> Standing { get; init; } = [];
}
