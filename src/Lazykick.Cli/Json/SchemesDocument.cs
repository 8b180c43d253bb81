namespace Lazykick.Cli.Json;

/// <summary>The catalogue, for programs: docs/reference/json.md.</summary>
internal sealed record SchemesDocument(string Schema, IReadOnlyList<SchemesDocument.CatalogueEntry> Schemes)
{
    /// <summary>A scheme, with the values of each knob, the default first.</summary>
    internal sealed record CatalogueEntry(
        string Name,
        string Title,
        bool Base,
        IReadOnlyDictionary<string, IReadOnlyList<string>> Knobs
    );
}
