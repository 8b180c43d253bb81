namespace Lazykick.Cli.Json;

/// <summary>What this machine can record, for programs: docs/reference/json.md.</summary>
internal sealed record RecordCheckDocument(
    string Schema,
    string Kernel,
    int Cpus,
    string NohzFull,
    string Isolated,
    IReadOnlyList<RecordCheckDocument.Answer> Answers,
    IReadOnlyList<MissingEvent> Missing
)
{
    /// <summary>A question that a trace of this machine can answer or not.</summary>
    internal sealed record Answer(string Question, bool Told, string How);
}
