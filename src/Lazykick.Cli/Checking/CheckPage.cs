using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Cli.Pages;

namespace Lazykick.Cli.Checking;

/// <summary>Checks as one HTML file: docs/guide/check-page.md says what it shows.</summary>
internal static class CheckPage
{
    /// <summary>Writes it, or says on standard error why not.</summary>
    public static bool Write(string path, IReadOnlyList<CheckedScheme> found, TextWriter errors) =>
        ReportFile.Write(
            path,
            output =>
            {
                var page = new Page(output);
                var names = found.Select(static one => one.Result.Scheme.Name).Distinct();
                page.Begin(
                    $"{string.Join(", ", names)} - lazykick check",
                    "check.html",
                    "page.js",
                    "check-race.js",
                    "check.js"
                );
                page.Data("check", new CheckPageDocument([.. found.Select(Of)]), Page.Documents.CheckPageDocument);
                page.End();
            },
            errors
        );

    private static CheckPageDocument.CheckOf Of(CheckedScheme found) =>
        new()
        {
            Check = CheckJson.Of(found),
            Command = CommandOf(found),
            Sentences = found.Shown.ToDictionary(
                static verdict => verdict.Property,
                static verdict => verdict.Definition.Sentence,
                StringComparer.Ordinal
            ),
            Drawings = Races(found)
                .ToDictionary(static one => one.Name, static one => DrawingOf(one.Race), StringComparer.Ordinal),
            Twin = found.Twin is { } twin ? Of(twin) : null,
        };

    /// <summary>The races by name: one a property that is violated, then those of <c>--another</c>.</summary>
    private static IEnumerable<(string Name, Race Race)> Races(CheckedScheme found)
    {
        foreach (var verdict in found.Shown)
        {
            if (verdict.Verdict == Verdict.Violated && verdict.Race.Value is { } race)
                yield return (verdict.Property, race);
        }

        for (var i = 0; i < found.Others.Count; i++)
        {
            if (found.Others[i].Race.Value is { } race)
                yield return ($"{found.Others[i].Property} another {i + 1}", race);
        }
    }

    private static string CommandOf(CheckedScheme found)
    {
        var result = found.Decisive;
        var changed = result
            .Scheme.Knobs.Values.Where(knob => result.Knobs[knob.Name] != knob.Values[knob.Default])
            .Select(knob => $" --set {knob.Name}={result.Knobs[knob.Name]}");
        var memory = result.Memory.ToString().ToLowerInvariant();
        return $"lazykick check {found.Argument} --cpus {result.Cpus} --memory {memory}{string.Concat(changed)}";
    }

    private static CheckPageDocument.DrawingOf DrawingOf(Race race)
    {
        var rows = RaceRows
            .Of(race)
            .Select(r => new CheckPageDocument.RowOf(r.Move, r.Cpu, r.Text, r.Remark, r.Span.Source.Path, r.Span.Line));
        return new CheckPageDocument.DrawingOf
        {
            Text = RaceDrawing.Draw(race).ReplaceLineEndings("\n"),
            Violation = race.Property.Violation,
            Rows = [.. rows],
            Eqs = race.Eqs,
        };
    }
}
