using System.Globalization;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Claims;

/// <summary>Claims as text: each with who, where, what was explored and how it came out.</summary>
internal sealed class ClaimTextReport(Terminal terminal)
{
    private const int Number = 4;
    private const int Outcome = 18;
    private static readonly string s_indent = new(' ', Number + Outcome);

    /// <summary>Writes them all.</summary>
    /// <param name="answers">The claims.</param>
    /// <param name="isDetailed">With runs, verdicts and races.</param>
    public void Write(ClaimAnswers answers, bool isDetailed)
    {
        var (results, explorations) = (answers.Results, answers.Explorations);
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            WriteClaim(result, answers.Otherwise(i));
            if (isDetailed)
            {
                WriteDetails(result);
            }
            else if (result.Runs.Count > 0)
            {
                var explored = $"explored: {Schemes(result)}; ";
                Below(explored + string.Create(CultureInfo.InvariantCulture, $"{result.States:N0} states"));
            }
        }

        var counted = new[]
        {
            Counted("claim", results.Where(r => !r.Claim.IsFurther)),
            Counted("further result", results.Where(r => r.Claim.IsFurther)),
        }.OfType<string>();
        terminal.Line();
        var sum = string.Create(
            CultureInfo.InvariantCulture,
            $"{explorations.Count} exploration{Plural(explorations.Count)}, {explorations.States:N0} states"
        );
        var whole = explorations.AreWhole ? "each space whole" : "NOT each space whole";
        terminal.Wrapped(0, ($"{string.Join("; ", counted)}; {sum}, {whole}", ""));
        if (results.Count(r => r.IsCutShort) is > 0 and var open)
        {
            terminal.Line(
                ($"{open} of {results.Count} not decided: interrupted, or a search ended at a limit", "bold yellow")
            );
        }

        if (answers.UnderSc is not null)
            WriteMemory(answers);
        if (!isDetailed)
            terminal.Line("'lazykick claims N' shows what claim N rests on.");
    }

    private void WriteMemory(ClaimAnswers answers)
    {
        var other = Enumerable
            .Range(0, answers.Results.Count)
            .Where(i => answers.Otherwise(i) is not null)
            .Select(i => answers.Results[i].Claim.Id)
            .ToList();
        var words =
            $"memory {answers.Memory.ToString().ToLowerInvariant()} where a claim names none, at most "
                + $"{answers.Explorations.InFlight} accesses of a CPU in flight (--in-flight); "
                + (
                    other.Count == 0
                        ? "nothing comes out otherwise than under sc"
                        : $"otherwise than under sc: {string.Join(", ", other)}"
                );
        terminal.Wrapped(0, (words, ""));
    }

    private void WriteClaim(ClaimResult result, ClaimResult? underSc)
    {
        var claim = result.Claim;
        terminal.Wrapped(
            s_indent.Length,
            ($"{claim.Id,3} ", "bold"),
            (ClaimWords.Of(result).PadRight(Outcome), Style(result.Outcome)),
            (claim.Title, "")
        );
        Below(ClaimWords.Source(claim));
        for (var i = 0; i < result.Points.Count; i++)
        {
            var point = result.Points[i];
            var other =
                underSc is not null && point.DiffersFrom(underSc.Points[i])
                    ? $" (sc: {ClaimWords.Sentence(underSc.Points[i])})"
                    : "";
            if (point.Point.Text.Length > 0)
            {
                terminal.Wrapped(
                    s_indent.Length + 2,
                    ($"{s_indent}{(point.Point.IsBeyond ? '+' : '-')} {point.Point.Text}: ", ""),
                    (ClaimWords.Sentence(point), Style(point.Outcome)),
                    (other, "grey")
                );
            }
            else if (other.Length > 0 || point.Outcome is not (ClaimOutcome.Confirmed or ClaimOutcome.Refuted))
            {
                terminal.Wrapped(
                    s_indent.Length,
                    ($"{s_indent}{ClaimWords.Sentence(point)}", Style(point.Outcome)),
                    (other, "grey")
                );
            }
        }

        foreach (var list in claim.Lists)
            Below($"not by exploration, from a list: {list.Source}");
    }

    /// <summary>A line below a claim's number and outcome, and further lines a little further in.</summary>
    private void Below(string text) => terminal.Wrapped(s_indent.Length + 4, (s_indent + text, ""));

    private static string? Counted(string what, IEnumerable<ClaimResult> results)
    {
        var counts = results.CountBy(r => r.Outcome).ToDictionary();
        var words = Enum.GetValues<ClaimOutcome>()
            .Where(counts.ContainsKey)
            .OrderByDescending(o => counts[o])
            .Select(o => $"{counts[o]} {ClaimWords.Of(o)}");
        var sum = counts.Values.Sum();
        return sum == 0 ? null : $"{sum} {what}{Plural(sum)}: {string.Join(", ", words)}";
    }

    private static string Schemes(ClaimResult result) =>
        string.Join(
            ", ",
            result
                .Runs.DistinctBy(r => r.Run.Describe())
                .GroupBy(r => r.Run.Scheme.Name)
                .Select(g => g.Count() == 1 ? g.Key : $"{g.Key} ({g.Count()} times)")
        );

    private static string Plural(int count) => count == 1 ? "" : "s";

    private void WriteDetails(ClaimResult result)
    {
        foreach (var run in result.Runs)
        {
            Below($"{run.Run.Name} = {run.Run.Describe()}");
            Below("    " + ClaimWords.Found(result.Claim, run));
        }

        foreach (var list in result.Claim.Lists)
        {
            foreach (var item in list.Items)
                Below($"{list.Name}: {item}");
        }

        foreach (var drawing in result.Claim.Draws)
        {
            if (result.Runs.All(r => r.Run.Name != drawing.Run))
                continue;
            if (
                result[drawing.Run].Verdicts.FirstOrDefault(v => v.Property == drawing.Property)?.Race.Value is { } race
            )
            {
                Draw(drawing, race);
            }
        }
    }

    private void Draw(ClaimDrawing drawing, Race race)
    {
        terminal.Line();
        terminal.Line($"{drawing.Run}: the shortest race that violates {drawing.Property}");
        terminal.Line();
        foreach (var line in RaceDrawing.Draw(race).TrimEnd().Split('\n'))
            terminal.Line(line.TrimEnd());
        terminal.Line();
    }

    private static string Style(ClaimOutcome outcome) =>
        outcome switch
        {
            ClaimOutcome.Confirmed => "green",
            ClaimOutcome.Refuted => "red",
            ClaimOutcome.NotExplored => "grey",
            _ => "yellow",
        };
}
