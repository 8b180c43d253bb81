namespace Lazykick.Cli.Json;

/// <summary>What <c>record</c> took, for programs: docs/reference/json.md.</summary>
internal sealed record RecordDocument(
    string Schema,
    string File,
    double Seconds,
    long Bytes,
    long Events,
    IReadOnlyList<int>? Cpus,
    IReadOnlyDictionary<int, long> LostByCpu,
    string? Failure,
    IReadOnlyList<string> Enabled,
    IReadOnlyList<MissingEvent> Missing,
    IReadOnlyList<string> Notes
);
