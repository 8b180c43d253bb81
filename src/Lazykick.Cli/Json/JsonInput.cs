using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Lazykick.Cli.Json;

/// <summary>Reads back documents that a command wrote. They may have been changed since, by anybody.</summary>
internal static class JsonInput
{
    /// <summary>Largest file that is read.</summary>
    private const long MaxBytes = 256L << 20;

    /// <summary>
    /// The documents as they are read: what a form has may not be null. Elements of lists may, and what records within
    /// a document have may be missing: the reader looks at these.
    /// </summary>
    public static JsonDocuments Documents { get; } =
        new(new JsonSerializerOptions(JsonDocuments.Default.Options) { RespectNullableAnnotations = true });

    /// <summary>Reads a file, or says on standard error why not.</summary>
    /// <param name="path">The file; <c>-</c> is standard input.</param>
    /// <param name="what">What the file should be, in words.</param>
    /// <param name="schema">The schema that it should name.</param>
    /// <param name="type">Metadata of <see cref="Documents"/>.</param>
    /// <param name="errors">Where to say it.</param>
    public static T? Read<T>(string path, string what, string schema, JsonTypeInfo<T> type, TextWriter errors)
        where T : class
    {
        try
        {
            if (Directory.Exists(path))
                return Refuse("a directory");
            if (path != "-" && new FileInfo(path) is { Exists: true, Length: > MaxBytes } info)
                return Refuse($"{info.Length:N0} bytes are too many");
            var text = path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);
            if (SchemaOf(text) is var found && found != schema)
            {
                return Refuse(
                    found is null ? $"no document of lazykick; {what} says \"schema\": \"{schema}\""
                        : $"a document {found}; {what} is {schema}"
                );
            }

            return JsonSerializer.Deserialize(text, type) ?? Refuse("empty");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse("there is no such file");
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"line {line + 1}: " : "";
            return Refuse($"{place}not {what}: {Reason(e)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Refuse(e.Message);
        }

        T? Refuse(string why)
        {
            errors.WriteLine($"lazykick: {path}: {why}");
            return null;
        }
    }

    private static string? SchemaOf(string text)
    {
        using var document = JsonDocument.Parse(text);
        return
            document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("schema", out var schema)
            && schema.ValueKind == JsonValueKind.String
            ? schema.GetString()
            : null;
    }

    // The names of our types are nothing to the reader.
    private static string Reason(JsonException e) =>
        e.Path is { Length: > 1 } at ? $"{at} is not what it should be"
        : e.Message.Contains("missing required", StringComparison.Ordinal) ? "something is missing"
        : "it is no JSON, or it is cut";
}
