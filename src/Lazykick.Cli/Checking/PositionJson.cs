using Lazykick.Checking.Exploration;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Checking;

/// <summary>The answers to <c>--at</c> for programs: docs/reference/json.md.</summary>
internal static class PositionJson
{
    public static PositionDocument Of(IReadOnlyList<PositionAnswer> answers) =>
        new("lazykick.position/1", [.. answers.Select(Of)]);

    private static PositionDocument.AskedPositions Of(PositionAnswer answer)
    {
        var result = answer.Result;
        return new()
        {
            Scheme = result.Scheme.Name,
            Memory = result.Memory,
            Cpus = [.. Enumerable.Range(0, result.Cpus).Select(c => result.Scheme.RoleOf(c).Name)],
            Knobs = result.Knobs,
            OldText = answer.IsOld,
            NotShown = answer.WhyNotShown,
            Positions = [.. answer.Positions.Select(CheckJson.Position)],
            Property = answer.Violated?.Property,
            Length = answer.Violated?.Length,
            Race = answer.Violated?.Race.Value is { } race ? CheckJson.Race(race) : null,
            Assumptions = result.Assumptions,
            NotExplored = result.NotExplored,
            Exhaustive = result.End == SearchEnd.Exhausted,
            States = result.States,
        };
    }
}
