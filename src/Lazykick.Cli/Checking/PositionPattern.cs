using System.Globalization;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>
/// What <c>--at PATH:STEP</c> names: the positions of a path whose step reads so, or begins so, or is on that line; at
/// a place the step is left out.
/// </summary>
internal sealed record PositionPattern(string Path, string Step)
{
    private const int Shown = 12;

    /// <summary>Reads <c>PATH:STEP</c>.</summary>
    public static PositionPattern Parse(string text) =>
        text.Split(':', 2) is [var path, var step] ? new(path.Trim(), step.Trim()) : new(text.Trim(), "");

    /// <summary>The step with the call that it stands in, as tables show it.</summary>
    public static string Name(WindowPosition position) =>
        position.Step.Length == 0 ? "(place)"
        : position.Calls.Count == 0 ? position.Step
        : $"{position.Step} [{position.Calls[^1]}]";

    /// <summary>The positions that are meant: those that read exactly so, else those that begin so.</summary>
    public IReadOnlyList<WindowPosition> Find(IReadOnlyList<WindowPosition> positions)
    {
        var own = positions.Where(p => p.Path == Path).ToList();
        var exact = own.Where(p => p.Step == Step || Name(p) == Step || IsLine(p)).ToList();
        return exact.Count > 0 || Step.Length == 0
            ? exact
            : [.. own.Where(p => p.Step.StartsWith(Step, StringComparison.Ordinal))];
    }

    /// <summary>Says which positions there are.</summary>
    public void Refuse(IReadOnlyList<WindowPosition> positions, TextWriter errors)
    {
        var paths = positions.Select(p => p.Path).Distinct().ToList();
        if (!paths.Contains(Path))
        {
            errors.WriteLine($"lazykick check: --at: no CPU takes a path '{Path}'");
            errors.WriteLine($"    {Suggestion.For(Path, paths) ?? $"the paths: {string.Join(", ", paths)}"}");
            return;
        }

        var steps = positions.Where(p => p.Path == Path).Select(Name).Distinct().ToList();
        errors.WriteLine($"lazykick check: --at: path '{Path}' has no step '{Step}'");
        var list = string.Join("; ", steps.Take(Shown)) + (steps.Count > Shown ? "; ..." : "");
        var hint = Suggestion.For(Step, steps) ?? $"its steps: {list} ('--windows' lists all with their lines)";
        foreach (var line in Wrapping.Lines("    ", hint, 4))
            errors.WriteLine(line);
    }

    private bool IsLine(WindowPosition position)
    {
        var line = position.Span.Line.ToString(CultureInfo.InvariantCulture);
        return Step == line || Step == $"{System.IO.Path.GetFileName(position.Span.Source.Path)}:{line}";
    }
}
