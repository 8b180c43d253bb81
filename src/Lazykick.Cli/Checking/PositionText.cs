using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Checking;

/// <summary>The answer to <c>--at</c> as people read it.</summary>
internal sealed class PositionText(Terminal terminal)
{
    public void Write(PositionAnswer answer, PositionPattern pattern, bool allMoves)
    {
        var result = answer.Result;
        var where = pattern.Step.Length > 0 ? $"{pattern.Path}: {pattern.Step}" : pattern.Path;
        var scope = $"({result.Cpus} CPUs, {result.Memory.ToString().ToLowerInvariant()})";
        if (answer.IsOld)
        {
            terminal.Line(("OLD TEXT", "bold red"), ($" is possible at {where} {scope}", ""));
        }
        else if (answer.WhyNotShown is { } why)
        {
            terminal.Line(("NOT SHOWN", "bold yellow"), ($": {why} {scope}", ""));
        }
        else
        {
            terminal.Line(
                ("NEW TEXT", "bold green"),
                ($" at {where} whenever a CPU stands there after the kick {scope}", "")
            );
        }

        terminal.Line(($"{result.Scheme.Name}: {result.Scheme.Title}", "bold"));
        terminal.Line();
        foreach (var position in answer.Positions)
            Position(position, result.End == SearchEnd.Exhausted);
        terminal.Line();
        if (answer.Violated is { } violated && violated.Race.Value is { } race)
        {
            terminal.Line(($"old text there in {violated.Length} moves ({violated.Property}):", "bold"));
            terminal.Line();
            terminal.Line(RaceDrawing.Draw(race, allMoves).TrimEnd('\n'));
            terminal.Line();
        }

        foreach (var assumption in result.Assumptions)
        {
            foreach (var line in Wrapping.Lines("assuming: ", assumption, 4))
                terminal.Line(line);
        }

        if (result.NotExplored.Count > 0)
        {
            foreach (var line in Wrapping.Lines("not explored (--set): ", string.Join(", ", result.NotExplored), 2))
                terminal.Line(line);
        }

        var covered =
            result.End == SearchEnd.Exhausted ? "exhaustive" : $"NOT exhaustive: {SearchEndText.Of(result.End)}";
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.States:N0} states, {covered}, {result.Elapsed.TotalSeconds:F2} s"
            )
        );
    }

    private void Position(WindowPosition position, bool isWhole)
    {
        terminal.Line(
            (
                $"  {position.Path} ({position.Role}): {PositionPattern.Name(position)}  "
                    + $"{Path.GetFileName(position.Span.Source.Path)}:{position.Span.Line}",
                ""
            )
        );
        if (!position.IsVisited)
        {
            terminal.Line(isWhole ? "    no CPU ever stands here" : "    not reached so far");
            return;
        }

        var soFar = isWhole ? "" : " so far";
        terminal.Line(
            position.MayRunStale
                ? "    text may be old after the kick: it must not be patched under this scheme"
                : $"    text is new{soFar}: it may be patched"
        );
        terminal.Line(
            position.MayBeInEqs
                ? "    RCU may not watch the CPU here: it must not be used"
                : $"    RCU watches{soFar}: it may be used"
        );
    }
}
