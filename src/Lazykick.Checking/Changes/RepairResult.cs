namespace Lazykick.Checking.Changes;

/// <summary>What was found to mend a property.</summary>
public sealed record RepairResult
{
    /// <summary>The property.</summary>
    public required string Property { get; init; }

    /// <summary>Its shortest race before anything is added.</summary>
    public required int Length { get; init; }

    /// <summary>The sets, in the order in which they were found: smaller ones first.</summary>
    public required IReadOnlyList<Repair> Found { get; init; }

    /// <summary>Sets that mend the property and break another promise.</summary>
    public required IReadOnlyList<RefusedRepair> Refused { get; init; }

    /// <summary>Parts that could be added.</summary>
    public required int Candidates { get; init; }

    /// <summary>Most parts of a set that was looked for.</summary>
    public required int MostParts { get; init; }

    /// <summary>Searches that were made.</summary>
    public required long Searches { get; init; }

    /// <summary>Sets whose search ended at a limit.</summary>
    public required int Undecided { get; init; }

    /// <summary>Every set of so many parts was decided.</summary>
    public required bool IsComplete { get; init; }
}
