using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Pages;

/// <summary>
/// An HTML file that needs nothing else: styles, scripts and data are inside, and its own policy lets the browser fetch
/// nothing and run only the scripts of this program.
/// </summary>
internal sealed class Page(Stream output)
{
    // Names of tasks and functions come from a trace: '<' must not end the script element that holds them.
    private static readonly JsonDocuments s_documents = new(
        new JsonSerializerOptions(JsonOutput.Documents.Options)
        {
            Encoder = JavaScriptEncoder.Default,
            WriteIndented = false,
        }
    );

    /// <summary>The documents as pages hold them.</summary>
    public static JsonDocuments Documents => s_documents;

    /// <summary>Writes everything before the data.</summary>
    /// <param name="title">Of the window.</param>
    /// <param name="body">Asset with the elements.</param>
    /// <param name="scripts">Assets that run, in order; they are written by <see cref="End"/>.</param>
    public void Begin(string title, string body, params string[] scripts)
    {
        Scripts = string.Concat(scripts.Select(Asset));
        var style = Asset("page.css");
        Write(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{HashOf(
                Scripts
            )}'; style-src '{HashOf(style)}'; img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="generator" content="lazykick {typeof(Page).Assembly.GetName().Version?.ToString(3)}">
            <title>{HtmlEncoder.Default.Encode(title)}</title>
            <style>{style}</style>
            </head>
            <body>
            {Asset(body)}

            """
        );
    }

    /// <summary>Writes a document that scripts find by its name.</summary>
    public void Data<T>(string name, T document, JsonTypeInfo<T> type)
    {
        Write($"<script type=\"application/json\" id=\"{name}\">");
        JsonSerializer.Serialize(output, document, type);
        Write("</script>\n");
    }

    /// <summary>Writes bytes, deflated and in base64.</summary>
    public void Data(string name, ReadOnlySpan<byte> deflated)
    {
        Write($"<script type=\"application/octet-stream\" id=\"{name}\">");
        // A multiple of three: no padding between the parts.
        const int Part = 3 << 18;
        for (var at = 0; at < deflated.Length; at += Part)
            Write(Convert.ToBase64String(deflated[at..Math.Min(deflated.Length, at + Part)]));
        Write("</script>\n");
    }

    /// <summary>Writes the scripts and the end.</summary>
    public void End() => Write($"<script>{Scripts}</script>\n</body>\n</html>\n");

    private string Scripts { get; set; } = "";

    private static string HashOf(string text) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Asset(string name)
    {
        using var stream =
            typeof(Page).Assembly.GetManifestResourceStream($"pages/{name}")
            ?? throw new InvalidOperationException($"resource pages/{name} is missing from the build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private void Write(string text) => output.Write(Encoding.UTF8.GetBytes(text));
}
