using System.Globalization;

using Lazykick.Checking.Claims;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Claims;

/// <summary>Claims as text: each with who, where, what was explored and how it came out.</summary>
internal sealed class ClaimTextReport(Terminal terminal)
{
    private const int Number = 4;
    private const int Outcome = 18;
    private static readonly string s_indent = new(' ', Number + Outcome);

    /// <summary>Writes them all; draws races only where a few claims were asked for.</summary>
    public void Write(IReadOnlyList<ClaimResult> results, bool isDetailed, Explorations explorations)
    {
        foreach (var result in results)
        {
            WriteClaim(result);
            if (isDetailed)
                WriteDetails(result);
        }

        var counts = results.CountBy(r => r.Outcome).ToDictionary();
        var words = Enum.GetValues<ClaimOutcome>().Where(counts.ContainsKey).OrderByDescending(o => counts[o]).Select(o => $"{counts[o]} {ClaimWords.Of(o)}");
        terminal.Line();
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{results.Count} claim{(results.Count == 1 ? "" : "s")}: {string.Join(", ", words)}; {explorations.Count} explorations, {explorations.States:N0} states, exhaustive"));
    }

    private void WriteClaim(ClaimResult result)
    {
        var claim = result.Claim;
        terminal.Line(($"{claim.Number,3} ", "bold"), (ClaimWords.Of(result).PadRight(Outcome), Style(result.Outcome)), (claim.Title, ""));
        terminal.Line($"{s_indent}{claim.Who}, {ClaimWords.Where(claim)}");
        foreach (var point in result.Points)
        {
            if (point.Point.Text.Length > 0)
                terminal.Line(($"{s_indent}- {point.Point.Text}: ", ""), (ClaimWords.Sentence(point), Style(point.Outcome)));
            else if (point.Outcome is not (ClaimOutcome.Confirmed or ClaimOutcome.Refuted))
                terminal.Line(($"{s_indent}{ClaimWords.Sentence(point)}", Style(point.Outcome)));
        }

        if (result.Runs.Count > 0)
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{s_indent}explored: {string.Join("; ", result.Runs.Select(r => r.Run.Describe()).Distinct())}: {result.States:N0} states"));
        foreach (var list in claim.Lists)
            terminal.Line($"{s_indent}not by exploration, from a list: {list.Source}");
    }

    private void WriteDetails(ClaimResult result)
    {
        foreach (var run in result.Runs)
            terminal.Line($"{s_indent}{run.Run.Name} = {run.Run.Describe()}: {ClaimWords.Found(result.Claim, run)}");
        foreach (var list in result.Claim.Lists)
        {
            foreach (var item in list.Items)
                terminal.Line($"{s_indent}{list.Name}: {item}");
        }

        foreach (var drawing in result.Claim.Draws)
        {
            if (result[drawing.Run].Verdicts.FirstOrDefault(v => v.Property == drawing.Property)?.Race.Value is not { } race)
                continue;
            terminal.Line();
            terminal.Line($"{drawing.Run}: the shortest race that violates {drawing.Property}");
            terminal.Line();
            foreach (var line in RaceDrawing.Draw(race).TrimEnd().Split('\n'))
                terminal.Line(line.TrimEnd());
            terminal.Line();
        }
    }

    private static string Style(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.Confirmed => "green",
        ClaimOutcome.Refuted => "red",
        ClaimOutcome.NotExplored => "grey",
        _ => "yellow",
    };
}
