using Lazykick.Checking.Moves;
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
        var rows = new List<CheckPageDocument.RowOf>();
        var next = 0;
        foreach (var row in RaceRows.Of(race))
        {
            var move = row.IsViolation ? null : MoveOf(race, row, next);
            next = move + 1 ?? next;
            rows.Add(new(move, row.Cpu, row.Text, row.Remark, row.Span.Source.Path, row.Span.Line));
        }

        return new CheckPageDocument.DrawingOf
        {
            Text = RaceDrawing.Draw(race).ReplaceLineEndings("\n"),
            Violation = race.Property.Violation,
            Rows = rows,
            Eqs = race.Eqs,
        };
    }

    /// <summary>Rows follow the moves: the next one of the row's CPU that is written in the row's place.</summary>
    private static int? MoveOf(Race race, RaceRow row, int from)
    {
        var places = Enumerable
            .Range(from, race.Moves.Count - from)
            .Where(at => race.Moves[at].Cpu == row.Cpu && race.Moves[at].Span == row.Span)
            .ToList();
        if (places.Count == 0)
            return null;
        // What takes effect late, or is read late, is told there and not where it was issued.
        var phase =
            row.Text.Contains("takes effect", StringComparison.Ordinal) ? MovePhase.Write
            : row.Text.Contains("reads only now", StringComparison.Ordinal) ? MovePhase.Read
            : MovePhase.Whole;
        var late = places.FindIndex(at => race.Moves[at].Phase == phase);
        return places[phase != MovePhase.Whole && late >= 0 ? late : 0];
    }
}
