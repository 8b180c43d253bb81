using Lazykick.Checking.Memory;
using Lazykick.Checking.Replaying;

namespace Lazykick.Cli.Json;

/// <summary>A saved execution, with the text of its scheme: docs/reference/json.md.</summary>
internal sealed record ExecutionDocument
{
    public required string Schema { get; init; }

    public required string Version { get; init; }

    public required string Scheme { get; init; }

    public required IReadOnlyList<NamedText> Files { get; init; }

    public required MemoryModel Memory { get; init; }

    public required IReadOnlyList<string> Cpus { get; init; }

    public required int InFlight { get; init; }

    public required IReadOnlyDictionary<string, string> Knobs { get; init; }

    public required string Property { get; init; }

    public required IReadOnlyList<string> Starts { get; init; }

    public required IReadOnlyList<SavedMove> Moves { get; init; }

    /// <summary>A file of the scheme.</summary>
    internal sealed record NamedText(string Name, string Text);
}
