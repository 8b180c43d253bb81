using System.Text.Json;

namespace Lazykick.Cli.Tests.Support;

/// <summary>docs/reference/json.md, asked whether it describes a document.</summary>
internal static class JsonPage
{
    // The names in these objects are data: knobs, variables, codes, windows, kinds.
    private static readonly string[] s_dataNames =
    [
        "assumptions",
        "changes",
        "ends",
        "excepted",
        "fixed",
        "interrupts",
        "knobs",
        "limits",
        "notChecked",
        "refused",
        "values",
        "verdicts",
    ];

    /// <summary>The fields of a document that the page's section of its schema does not name.</summary>
    public static IReadOnlyList<string> Undescribed(JsonElement document, string schema)
    {
        var page = File.ReadAllText(Repository.PathOf("docs/reference/json.md"));
        var begin = page.IndexOf($"## `{schema}`", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/reference/json.md has no section {schema}");
        var end = page.IndexOf("\n## ", begin, StringComparison.Ordinal);
        var section = end < 0 ? page[begin..] : page[begin..end];
        return
        [
            .. Names(document)
                .Distinct()
                .Where(n => n != "schema" && !section.Contains($"`{n}`", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(p =>
                    (
                        s_dataNames.Contains(p.Name) && p.Value.ValueKind == JsonValueKind.Object ? [] : Names(p.Value)
                    ).Prepend(p.Name)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
            _ => [],
        };
}
