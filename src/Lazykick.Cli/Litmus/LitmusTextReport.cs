using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Cli.Litmus;

/// <summary>Answers in herd's form.</summary>
internal sealed class LitmusTextReport(TextWriter output, TextWriter errors, bool draw, bool brief) : ILitmusReport
{
    public void Answer(string file, LitmusResult result)
    {
        var observation = $"Observation {result.Test.Name} {result.Observation} {result.Positive} {result.Negative}";
        if (brief)
        {
            output.WriteLine(observation);
        }
        else
        {
            var kind = result.Test.Quantifier switch
            {
                LitmusQuantifier.Exists => "Allowed",
                LitmusQuantifier.NotExists => "Forbidden",
                _ => "Required",
            };
            output.WriteLine($"Test {result.Test.Name} {kind}");
            output.WriteLine($"States {result.FinalStates.Count}");
            foreach (var state in result.FinalStates)
                output.WriteLine(string.Join(' ', state.Values.Select(v => $"{v.Key}={v.Value};")));
            output.WriteLine(result.Holds ? "Ok" : "No");
            output.WriteLine("Witnesses");
            output.WriteLine($"Positive: {result.Positive} Negative: {result.Negative}");
            output.WriteLine($"Condition {result.Test.ConditionText}");
            output.WriteLine(observation);
            output.WriteLine(
                $"Machine {result.Model.ToString().ToLowerInvariant()}, window {result.Window}, {result.Explored} "
                    + "states, exhaustive"
            );
        }

        if (draw && result.Execution is { } execution)
        {
            output.WriteLine();
            foreach (var line in LitmusDrawing.Draw(result, execution))
                output.WriteLine(line);
        }

        if (!brief)
            output.WriteLine();
    }

    public void Failure(LitmusFailure failure)
    {
        var place = failure.Position is { } position ? $"{failure.File}:{position}" : failure.File;
        errors.WriteLine($"{place}: error: {failure.Message}");
    }

    public void Difference(string file, LitmusResult result, string expected) =>
        errors.WriteLine($"{file}: differs: {result.Test.Name} is {result.Kind}, expected {expected}");

    public void End() => output.Flush();
}
