using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Json;

/// <summary>Exported tests, for programs: docs/reference/json.md.</summary>
internal sealed record ExportDocument(
    string Schema,
    string Scheme,
    string Property,
    MemoryModel Memory,
    int Cpus,
    int InFlight,
    IReadOnlyList<ExportDocument.LitmusFile> Tests
)
{
    /// <summary>A litmus test.</summary>
    internal sealed record LitmusFile(
        string Name,
        IReadOnlyDictionary<string, string> Knobs,
        string Verdict,
        string UsualVerdict,
        string Text,
        IReadOnlyList<string> Kept,
        IReadOnlyList<string> Dropped
    );
}
