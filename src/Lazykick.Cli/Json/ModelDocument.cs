using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Json;

/// <summary>A scheme for another tool: docs/reference/json.md.</summary>
internal sealed record ModelDocument(
    string Schema,
    string Form,
    string Scheme,
    MemoryModel Memory,
    int Cpus,
    IReadOnlyDictionary<string, string> Knobs,
    string Text,
    IReadOnlyList<ModelDocument.CheckedMacro>? Checks,
    int? MoreStates,
    int? MoreTransitions,
    int? States,
    int? Moves
)
{
    /// <summary>A property that the model can check.</summary>
    internal sealed record CheckedMacro(string Name, string Macro);
}
