using System.Text.Json;
using System.Text.Json.Nodes;
using Lazykick.Checking.Litmus;

namespace Lazykick.Cli.Litmus;

/// <summary>Answers as one JSON document, <c>lazykick.litmus/1</c>; described in docs/json.md.</summary>
internal sealed class LitmusJsonReport(TextWriter output) : ILitmusReport
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonArray _tests = [];

    public void Answer(string file, LitmusResult result) =>
        _tests.Add(
            new JsonObject
            {
                ["file"] = file,
                ["name"] = result.Test.Name,
                ["memory"] = result.Model.ToString().ToLowerInvariant(),
                ["window"] = result.Window,
                ["observation"] = result.Observation.ToString(),
                ["kind"] = result.Kind,
                ["holds"] = result.Holds,
                ["positive"] = result.Positive,
                ["negative"] = result.Negative,
                ["condition"] = result.Test.ConditionText,
                ["explored"] = result.Explored,
                ["states"] = new JsonArray([.. result.FinalStates.Select(State)]),
                ["execution"] = new JsonArray([.. (result.Execution ?? []).Select(Event)]),
            }
        );

    public void Failure(LitmusFailure failure) =>
        _tests.Add(
            new JsonObject
            {
                ["file"] = failure.File,
                ["error"] = failure.Message,
                ["line"] = failure.Position?.Line,
                ["column"] = failure.Position?.Column,
                ["missingFeature"] = failure.MissingFeature,
            }
        );

    public void Difference(string file, LitmusResult result, string expected) =>
        ((JsonObject)_tests[^1]!)["expected"] = expected;

    public void End()
    {
        var document = new JsonObject { ["schema"] = "lazykick.litmus/1", ["tests"] = _tests };
        output.WriteLine(document.ToJsonString(_options));
    }

    private static JsonObject State(LitmusFinalState state)
    {
        var values = new JsonObject();
        foreach (var (name, value) in state.Values)
            values[name] = value;
        return new JsonObject { ["satisfies"] = state.Satisfies, ["values"] = values };
    }

    private static JsonObject Event(LitmusEvent e) =>
        new()
        {
            ["cpu"] = e.Cpu,
            ["kind"] = e.Kind.ToString().ToLowerInvariant(),
            ["instruction"] = e.Text,
            ["location"] = e.Location,
            ["value"] = e.Shown,
            ["local"] = e.Local,
        };
}
