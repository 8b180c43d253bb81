using System.Globalization;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Sweeps;

/// <summary>Writes a sweep as a matrix: a row for each combination, a column for each property.</summary>
internal sealed class SweepText(Terminal terminal)
{
    private const string OldText = "old text";

    public void Write(SweepDocument sweep, bool isCut)
    {
        terminal.Line($"{sweep.Scheme}: {sweep.Title}");
        var memory = sweep.Memory.ToString().ToLowerInvariant();
        var inFlight = sweep.InFlight == 0 ? "" : $", at most {sweep.InFlight} accesses in flight";
        terminal.Line($"  {sweep.Cpus.Count} CPUs ({string.Join(", ", sweep.Cpus)}), memory {memory}{inFlight}");
        var part = sweep.Complete ? "all" : N($"{sweep.Rows.Count:N0} of");
        var knobs = string.Join(", ", sweep.Knobs.Select(k => k.Name));
        terminal.Line(N($"  {part} {sweep.Combinations:N0} combinations of {knobs}"));
        terminal.Line();
        Matrix(sweep);
        terminal.Line();
        var promised = sweep.Asked.Count > 0 ? sweep.Asked : sweep.Promised;
        Prose(
            "ok holds, a number: violated in so many moves, - not checked, ? undecided; what counts: ",
            promised.Count == 0 ? "nothing, as nothing is promised" : string.Join(", ", promised)
        );
        foreach (var reasons in sweep.Rows.Where(r => r.Refused is not null).GroupBy(r => r.Refused))
            Prose("", N($"refused ({reasons.Count():N0}): {reasons.Key}"));
        if (isCut)
            Prose("", "interrupted: the rest was not checked");
        else if (sweep.Complete && sweep.Rows.All(SweepResult.IsDecided))
            Irrelevant(sweep);
    }

    private void Matrix(SweepDocument sweep)
    {
        var properties = sweep.Rows.SelectMany(r => r.Properties ?? []).Select(p => p.Name).Distinct().ToList();
        var hasWindows = sweep.Rows.Any(r => r.OldText is not null) && sweep.Asked.Count == 0;
        string[] windows = hasWindows ? [OldText] : [];
        string[] head = [.. sweep.Knobs.Select(k => k.Name), .. properties, .. windows, "answer"];
        var rows = sweep.Rows.Select(r => Cells(r, properties, hasWindows)).ToList();
        var widths = head.Select(
            (h, i) => Math.Max(h.Length, rows.Select(r => r[i].Length).DefaultIfEmpty(0).Max())
        ).ToArray();
        terminal.Line((Line(head), "bold"));
        for (var i = 0; i < rows.Count; i++)
            terminal.Line((Line(rows[i]), sweep.Rows[i].Answer == AnswerKind.Broken ? "red" : ""));

        string Line(string[] cells) =>
            "  " + string.Join("  ", cells.Select((c, i) => c.PadRight(widths[i]))).TrimEnd();
    }

    private static string[] Cells(SweepDocument.SweptCombination row, List<string> properties, bool hasWindows) =>
        [
            .. row.Values,
            .. properties.Select(p => Cell(row.Properties?.FirstOrDefault(v => v.Name == p))),
            .. hasWindows ? [OldTextOf(row)] : (string[])[],
            row.Answer switch
            {
                AnswerKind.Holds => "holds",
                AnswerKind.Broken => "BROKEN",
                AnswerKind.GaveUp => "gave up",
                AnswerKind.NotShown => "not shown",
                _ => "refused",
            },
        ];

    // What an unfinished search has not met is not known to be none.
    private static string OldTextOf(SweepDocument.SweptCombination row) =>
        row.OldText is not { } old ? "-"
        : SweepResult.IsDecided(row) ? N($"{old}")
        : N($">={old}");

    private static string Cell(SweepDocument.SweptVerdict? verdict) =>
        verdict?.Verdict switch
        {
            Verdict.Holds => "ok",
            Verdict.Violated => N($"{verdict.Length}"),
            Verdict.Undecided => "?",
            _ => "-",
        };

    /// <summary>Knobs of which no value changes a verdict, whatever the others are.</summary>
    private void Irrelevant(SweepDocument sweep)
    {
        var rows = sweep.Rows.ToDictionary(r => r.Index, Verdicts);
        var stride = sweep.Combinations;
        var without = new List<string>();
        foreach (var knob in sweep.Knobs)
        {
            var count = knob.Values.Count;
            stride /= count;
            var step = stride;
            if (count > 1 && rows.All(r => r.Value == rows[r.Key - r.Key / step % count * step]))
                without.Add(knob.Name);
        }

        if (without.Count > 0)
            Prose("changes no verdict: ", string.Join(", ", without));

        static string Verdicts(SweepDocument.SweptCombination row) =>
            row.Refused ?? string.Join(' ', row.Properties!.Select(p => $"{p.Name} {p.Verdict}"));
    }

    private void Prose(string head, string text)
    {
        foreach (var line in Wrapping.Lines(head + text, Wrapping.Prose))
            terminal.Line(line);
    }

    private static string N(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
