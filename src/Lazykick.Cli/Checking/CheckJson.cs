using System.Text.Json;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Checking;

/// <summary>The result of a check for programs: schema <c>lazykick.check/1</c>, docs/json.md.</summary>
internal static class CheckJson
{
    public const string Schema = "lazykick.check/1";

    public static void Write(Stream output, CheckResult result, IReadOnlyList<PropertyVerdict> shown)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("scheme", result.Scheme.Name);
        json.WriteString("title", result.Scheme.Title);
        json.WriteString("memory", result.Memory.ToString().ToLowerInvariant());
        Strings(json, "cpus", Enumerable.Range(0, result.Cpus).Select(c => result.Scheme.RoleOf(c).Name));
        json.WriteStartObject("knobs");
        foreach (var (name, value) in result.Knobs)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("end", result.End.ToString());
        json.WriteBoolean("exhaustive", result.End == SearchEnd.Exhausted);
        json.WriteNumber("states", result.States);
        json.WriteNumber("moves", result.Transitions);
        json.WriteNumber("levels", result.Levels);
        json.WriteNumber("stateBits", result.StateBits);
        json.WriteNumber("bytes", result.Bytes);
        json.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
        if (result.Window > 0)
        {
            json.WriteNumber("window", result.Window);
            json.WriteBoolean("windowWasFull", result.WindowWasFull);
        }

        json.WriteBoolean("kickReturned", result.KickReturned);
        Strings(json, "assumptions", result.Assumptions);
        json.WriteStartObject("notChecked");
        foreach (
            var (property, why) in SchemeCheck.NotChecked.Where(n => result.Verdicts.All(v => v.Property != n.Key))
        )
        {
            json.WriteString(property, why);
        }

        json.WriteEndObject();
        json.WriteStartArray("properties");
        foreach (var verdict in shown)
            Property(json, verdict);
        json.WriteEndArray();
        json.WriteStartArray("positions");
        foreach (var position in result.Positions)
            Position(json, position);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Property(Utf8JsonWriter json, PropertyVerdict verdict)
    {
        json.WriteStartObject();
        json.WriteString("name", verdict.Property);
        json.WriteString("verdict", verdict.Verdict.ToString().ToLowerInvariant());
        json.WriteBoolean("promised", verdict.IsPromised);
        if (verdict.Verdict == Verdict.Violated)
        {
            json.WriteNumber("length", verdict.Length);
            if (verdict.Race.Value is { } race)
                Race(json, race);
        }

        json.WriteEndObject();
    }

    private static void Race(Utf8JsonWriter json, Race race)
    {
        json.WriteStartObject("race");
        Strings(json, "starts", race.Starts);
        json.WriteStartArray("moves");
        foreach (var move in race.Moves)
        {
            json.WriteStartObject();
            json.WriteNumber("cpu", move.Cpu);
            json.WriteString("step", move.Step);
            if (move.Note is not null)
                json.WriteString("note", move.Note);
            if (move.Enters is not null)
                json.WriteString("enters", move.Enters);
            json.WriteString("path", move.Path);
            Strings(json, "calls", move.Calls);
            json.WriteString("file", move.Span.Source.Path);
            json.WriteNumber("line", move.Span.Line);
            json.WriteString("kind", move.Kind.ToString());
            json.WriteStartObject("changes");
            foreach (var change in move.Changes)
            {
                json.WriteStartArray(change.Name);
                json.WriteNumberValue(change.Before);
                json.WriteNumberValue(change.After);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (race.OldText is { } old)
        {
            json.WriteStartObject("oldText");
            json.WriteNumber("cpu", old.Cpu);
            json.WriteString("path", old.Path);
            json.WriteString("step", old.Step);
            json.WriteString("file", old.Span.Source.Path);
            json.WriteNumber("line", old.Span.Line);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Position(Utf8JsonWriter json, WindowPosition position)
    {
        json.WriteStartObject();
        json.WriteString("role", position.Role);
        json.WriteString("path", position.Path);
        Strings(json, "calls", position.Calls);
        json.WriteString("step", position.Step);
        json.WriteString("file", position.Span.Source.Path);
        json.WriteNumber("line", position.Span.Line);
        json.WriteBoolean("visited", position.IsVisited);
        json.WriteBoolean("taken", position.IsTaken);
        json.WriteBoolean("mayRunStale", position.MayRunStale);
        json.WriteBoolean("mayBeInEqs", position.MayBeInEqs);
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
