using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Reading;

/// <summary>A litmus test as read from a file.</summary>
public sealed record LitmusTest
{
    /// <summary>The name in the first line.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture in the first line.</summary>
    public required LitmusArchitecture Architecture { get; init; }

    /// <summary>
    /// Instructions name their target first, as in herd's tests for X86; those for X86_64 name it last.
    /// </summary>
    public bool TargetFirst { get; init; }

    /// <summary>Header option <c>CacheType</c>.</summary>
    public CacheType Cache { get; init; }

    /// <summary>Header option <c>Variant</c>: words in lower case.</summary>
    public IReadOnlySet<string> Variants { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The initial state.</summary>
    public required IReadOnlyList<LitmusInitial> Initial { get; init; }

    /// <summary>The arrays that the initial state declares; its entries name their elements.</summary>
    public IReadOnlyList<LitmusArray> Arrays { get; init; } = [];

    /// <summary>Threads and handlers.</summary>
    public required IReadOnlyList<LitmusColumn> Columns { get; init; }

    /// <summary>What else is shown of final states.</summary>
    public required IReadOnlyList<LitmusTarget> Locations { get; init; }

    /// <summary>Only final states that satisfy it are looked at; null for all.</summary>
    public LitmusCondition? Filter { get; init; }

    /// <summary>What is asked of the condition.</summary>
    public required LitmusQuantifier Quantifier { get; init; }

    /// <summary>The condition.</summary>
    public required LitmusCondition Condition { get; init; }

    /// <summary>The condition as written, on one line.</summary>
    public required string ConditionText { get; init; }

    /// <summary>Where the condition begins.</summary>
    public required LitmusPosition ConditionPosition { get; init; }
}
