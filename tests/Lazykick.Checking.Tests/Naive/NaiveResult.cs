namespace Lazykick.Checking.Tests.Naive;

/// <summary>What the naive interpreter found out about one configuration of a scheme.</summary>
internal sealed record NaiveResult
{
    /// <summary>Number of reachable states; of the whole space unless <see cref="GaveUp"/>.</summary>
    public required int States { get; init; }

    /// <summary>Number of moves out of all states, two moves to one state counted as two.</summary>
    public required long Moves { get; init; }

    /// <summary>The largest number of moves that a state is away from the start.</summary>
    public required int Depth { get; init; }

    /// <summary>True if the limit of states was reached; the other members then mean nothing.</summary>
    public required bool GaveUp { get; init; }

    /// <summary>Length of the shortest counterexample of each property, null where it holds.</summary>
    public required IReadOnlyDictionary<string, int?> Verdicts { get; init; }

    /// <summary>
    /// By violated property: the CPUs that move, one after the other, in the race that is to be shown (M23).
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> Races { get; init; }

    /// <summary>Every position at which a CPU stands in some reachable state.</summary>
    public required IReadOnlyList<NaiveWindow> Positions { get; init; }

    /// <summary>Steps that a role could take, and whether some execution takes them.</summary>
    public required IReadOnlyList<NaiveStep> Steps { get; init; }

    /// <summary>Those that no execution takes.</summary>
    public IReadOnlyList<string> NeverTaken => [.. Steps.Where(s => !s.IsTaken).Select(s => s.Position)];

    /// <summary>True if some kick returns in some execution.</summary>
    public required bool KickReturns { get; init; }

    /// <summary>One line for messages of tests.</summary>
    public override string ToString() =>
        $"{States} states, depth {Depth}; "
        + string.Join(
            ", ",
            Verdicts
                .OrderBy(v => v.Key, StringComparer.Ordinal)
                .Select(v => $"{v.Key} {v.Value?.ToString() ?? "holds"}")
        );
}
