using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Checking;

/// <summary>Writes what verdicts leave open: knobs that leave something out, and what was taken for true.</summary>
internal static class ScopeText
{
    /// <summary>Knobs that leave something out, those of a property that was not checked first.</summary>
    public static void NotExplored(Terminal terminal, CheckResult result)
    {
        var scope = result
            .LeftOutByKnobs.Select(p => $"{p.Value} for {p.Key}")
            .Concat(result.NotExplored.Except(result.LeftOutByKnobs.Values, StringComparer.Ordinal))
            .ToList();
        if (scope.Count > 0)
            Write(terminal, "not explored (--set): ", string.Join(", ", scope), 2);
    }

    /// <summary>What the verdicts rest on.</summary>
    public static void Assuming(Terminal terminal, CheckResult result)
    {
        if (result.Assumptions.Count > 0)
            terminal.Line("assuming:");
        foreach (var assumption in result.Assumptions)
            Write(terminal, "  ", assumption, 4);
    }

    private static void Write(Terminal terminal, string head, string text, int indent)
    {
        foreach (var line in Wrapping.Lines(head, text, indent))
            terminal.Line(line);
    }
}
