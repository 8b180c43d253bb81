using System.Text.Encodings.Web;
using System.Text.Json;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Claims;

/// <summary>Claims as one JSON document, <c>lazykick.claims/1</c>; described in docs/json.md.</summary>
internal static class ClaimJsonReport
{
    public static void Write(Stream output, ClaimAnswers answers)
    {
        using var json = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        json.WriteStartObject();
        json.WriteString("schema", "lazykick.claims/1");
        json.WriteString("memory", answers.Memory.ToString().ToLowerInvariant());
        if (answers.Memory != MemoryModel.Sc)
            json.WriteNumber("window", answers.Explorations.Window);
        Write(json, "claims", answers, false);
        Write(json, "further", answers, true);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, string name, ClaimAnswers answers, bool isFurther)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < answers.Results.Count; i++)
        {
            if (answers.Results[i].Claim.IsFurther == isFurther)
                Write(json, answers.Results[i], answers.UnderSc?[i]);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ClaimResult result, ClaimResult? underSc)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Claim.Id);
        json.WriteNumber("number", result.Claim.Number);
        json.WriteString("claim", result.Claim.Title);
        json.WriteString("who", result.Claim.Who);
        json.WriteStartArray("thread");
        foreach (var lines in result.Claim.Lines)
        {
            json.WriteStartArray();
            json.WriteNumberValue(lines.First);
            json.WriteNumberValue(lines.Last);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteString("outcome", Key(result.Outcome));
        if (underSc is not null)
            json.WriteString("underSc", Key(underSc.Outcome));
        json.WriteBoolean("provisional", result.IsProvisional);
        json.WriteNumber("states", result.States);
        json.WriteStartArray("points");
        for (var i = 0; i < result.Points.Count; i++)
        {
            var point = result.Points[i];
            json.WriteStartObject();
            json.WriteString("point", point.Point.Text);
            json.WriteBoolean("beyond", point.Point.IsBeyond);
            json.WriteString("outcome", Key(point.Outcome));
            if (underSc is not null)
                json.WriteString("underSc", Key(underSc.Points[i].Outcome));
            if (point.Reason is not null)
                json.WriteString(point.Outcome == ClaimOutcome.NotExplored ? "waitsFor" : "dependsOn", point.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (var run in result.Runs)
            Write(json, run);
        json.WriteEndArray();
        json.WriteStartArray("lists");
        foreach (var list in result.Claim.Lists)
        {
            json.WriteStartObject();
            json.WriteString("name", list.Name);
            json.WriteString("source", list.Source);
            json.WriteStartArray("items");
            foreach (var item in list.Items)
                json.WriteStringValue(item);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClaimRunResult run)
    {
        json.WriteStartObject();
        json.WriteString("name", run.Run.Name);
        json.WriteString("scheme", run.Run.Scheme.Name);
        json.WriteNumber("cpus", run.Run.Cpus);
        json.WriteString("memory", run.Run.Memory.ToString().ToLowerInvariant());
        json.WriteStartObject("knobs");
        foreach (var (knob, value) in run.Run.Knobs.OrderBy(k => k.Key, StringComparer.Ordinal))
            json.WriteString(knob, value);
        json.WriteEndObject();
        json.WriteNumber("states", run.Check.States);
        json.WriteStartObject("verdicts");
        foreach (var verdict in run.Check.Verdicts)
            json.WriteString(verdict.Property, verdict.Verdict.ToString().ToLowerInvariant());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Key(ClaimOutcome outcome) =>
        outcome switch
        {
            ClaimOutcome.NotExplored => "notExplored",
            _ => outcome.ToString().ToLowerInvariant(),
        };
}
