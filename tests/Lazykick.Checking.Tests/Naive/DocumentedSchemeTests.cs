using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// The scheme that docs/reference/language.md begins with, and what becomes of it when one barrier moves.
/// </summary>
public class DocumentedSchemeTests
{
    private const string EqsExit = "    rmw watching := 1 full           # leave the EQS\n";
    private const string Isb = "    isb\n    unmask D A I F\n";

    [Fact]
    public void ItKeepsS1AndHasItsWindowBetweenTheDynticksWriteAndTheIsb()
    {
        var result = Check(Example());
        Assert.Null(result.Verdicts["S1"]);
        Assert.Null(result.Verdicts["S6"]);
        Assert.Null(result.Verdicts["S8"]);
        Assert.NotNull(result.Verdicts["S1.windows"]);
        Assert.True(result.KickReturns);
        Assert.Empty(result.NeverTaken);
        Assert.Equal(["rmw watching := 1 full", "isb", "eret"], Window(Example()));
    }

    [Fact]
    public void MovingTheIsbByOneStepMovesTheEdgeOfTheWindowByOneStep()
    {
        var later = Example().Replace(Isb, "    unmask D A I F\n    isb\n", StringComparison.Ordinal);
        Assert.Equal(["rmw watching := 1 full", "unmask D A I F", "isb", "eret"], Window(later));
        var earlier = Example()
            .Replace(EqsExit + Isb, "    isb\n" + EqsExit + "    unmask D A I F\n", StringComparison.Ordinal);
        Assert.NotNull(Check(earlier).Verdicts["S1"]);
        Assert.Contains("body", Window(earlier)); // too early: the window has no end, ordinary code lies in it
    }

    [Fact]
    public void WithoutTheIsbItIsRefuted() =>
        Assert.NotNull(Check(Example().Replace(Isb, "    unmask D A I F\n", StringComparison.Ordinal)).Verdicts["S1"]);

    private static NaiveResult Check(string text) =>
        NaiveChecker.Run(SchemeText.Load(text), new Dictionary<string, int>(), 2);

    /// <summary>The steps of el0_svc, in order, before which old text may run.</summary>
    private static IEnumerable<string> Window(string text)
    {
        var lines = text.Split('\n');
        return Check(text)
            .Positions.Where(p => p is { Path: "el0_svc", IsStale: true })
            .OrderBy(p => p.Line)
            .Select(p => lines[p.Line - 1].Split('#')[0].Trim());
    }

    private static string Example([CallerFilePath] string here = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/reference/language.md"))
            .ReplaceLineEndings("\n");
        var start = text.IndexOf("```\nscheme tiny", StringComparison.Ordinal) + 4;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
