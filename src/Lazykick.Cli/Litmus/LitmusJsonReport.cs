using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Litmus;

/// <summary>Answers as one JSON document: docs/reference/json.md.</summary>
internal sealed class LitmusJsonReport(Stream output) : ILitmusReport
{
    private readonly List<LitmusDocument.LitmusAnswer> _tests = [];

    public void Answer(string file, LitmusResult result) =>
        _tests.Add(
            new()
            {
                File = file,
                Name = result.Test.Name,
                Memory = result.Model,
                InFlight = result.Window,
                Observation = result.Observation,
                Kind = result.Kind,
                Holds = result.Holds,
                Positive = result.Positive,
                Negative = result.Negative,
                Condition = result.Test.ConditionText,
                Explored = result.Explored,
                States = [.. result.FinalStates.Select(State)],
                Execution = [.. (result.Execution ?? []).Select(Step)],
            }
        );

    public void Failure(LitmusFailure failure) =>
        _tests.Add(
            new()
            {
                File = failure.File,
                Error = failure.Message,
                Line = failure.Position?.Line,
                Column = failure.Position?.Column,
                MissingFeature = failure.MissingFeature,
            }
        );

    public void Difference(string file, LitmusResult result, string expected) =>
        _tests[^1] = _tests[^1] with { Expected = expected };

    public void End() =>
        JsonOutput.Write(output, new("lazykick.litmus/2", _tests), JsonOutput.Documents.LitmusDocument);

    private static LitmusDocument.FinalState State(LitmusFinalState state)
    {
        var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in state.Values)
            values[name] = value;
        return new(state.Satisfies, values);
    }

    private static LitmusDocument.ExecutionStep Step(LitmusEvent e) =>
        new(e.Cpu, e.Kind, e.Text, e.Location, e.Shown, e.Local);
}
