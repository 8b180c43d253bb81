using System.Text.Json;
using Lazykick.Checking.Export;

namespace Lazykick.Cli.Export;

/// <summary>Exported tests for programs: schema <c>lazykick.export/1</c>, docs/json.md.</summary>
internal static class ExportJson
{
    public const string Schema = "lazykick.export/1";

    public static void Write(Stream output, ExportResult result)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("scheme", result.Check.Scheme.Name);
        json.WriteString("property", result.Property);
        json.WriteString("memory", result.Check.Memory.ToString().ToLowerInvariant());
        json.WriteNumber("cpus", result.Check.Cpus);
        json.WriteNumber("window", result.Check.Window);
        json.WriteStartArray("tests");
        foreach (var test in result.Tests)
            Test(json, test);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Test(Utf8JsonWriter json, ExportedTest test)
    {
        json.WriteStartObject();
        json.WriteString("name", test.Name);
        json.WriteStartObject("knobs");
        foreach (var (name, value) in test.Knobs)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("verdict", test.Verdict);
        json.WriteString("usualVerdict", test.UsualVerdict);
        json.WriteString("text", test.Text);
        Strings(json, "kept", test.Kept);
        Strings(json, "dropped", test.Dropped);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
