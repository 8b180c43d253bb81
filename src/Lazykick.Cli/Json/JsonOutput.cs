using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Lazykick.Cli.Json;

/// <summary>
/// Writes a command's document: UTF-8, characters as they are where JSON allows it, a newline at the end.
/// </summary>
internal static class JsonOutput
{
    /// <summary>The documents with the options of all commands.</summary>
    public static JsonDocuments Documents { get; } =
        new(
            new JsonSerializerOptions(JsonDocuments.Default.Options)
            {
                // These documents are read by programs and people, never pasted into HTML: '+' and '<' stay what they
                // are.
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                NewLine = "\n",
            }
        );

    /// <summary>The same documents on one line each.</summary>
    public static JsonDocuments Lines { get; } =
        new(new JsonSerializerOptions(Documents.Options) { WriteIndented = false });

    /// <summary>Writes a document to a stream.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="document">What.</param>
    /// <param name="type">Its metadata, of <see cref="Documents"/>.</param>
    public static void Write<T>(Stream output, T document, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(output, document, type);
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes a document to standard output.</summary>
    /// <param name="document">What.</param>
    /// <param name="type">Its metadata, of <see cref="Documents"/>.</param>
    public static void Print<T>(T document, JsonTypeInfo<T> type)
    {
        using var output = Console.OpenStandardOutput();
        Write(output, document, type);
    }
}
