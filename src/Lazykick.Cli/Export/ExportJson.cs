using System.Text.Json;
using Lazykick.Checking.Export;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Export;

/// <summary>Exported tests for programs: schema <c>lazykick.export/1</c>, docs/json.md.</summary>
internal static class ExportJson
{
    public const string Schema = "lazykick.export/1";

    public static void Write(Stream output, ExportResult result, CheckResult check)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("scheme", check.Scheme.Name);
        json.WriteString("property", result.Property);
        json.WriteString("memory", check.Memory.ToString().ToLowerInvariant());
        json.WriteNumber("cpus", check.Cpus);
        json.WriteNumber("window", check.Window);
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
