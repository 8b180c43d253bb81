namespace Lazykick.Cli.Json;

/// <summary>One scheme of the catalogue with its text, for programs: docs/reference/json.md.</summary>
internal sealed record SchemeDocument(
    string Schema,
    string Name,
    string Title,
    bool Base,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Promises,
    IReadOnlyList<string> Properties,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Knobs,
    IReadOnlyList<SchemeDocument.SchemeFile> Files
)
{
    /// <summary>The scheme's own file, or one that it includes.</summary>
    internal sealed record SchemeFile(string Path, string Text);
}
