using System.Globalization;
using Lazykick.Checking.Changes;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Repairs;

/// <summary>Writes what <c>repair</c> found.</summary>
internal sealed class RepairText(Terminal terminal)
{
    public void Write(RepairAnswer answer)
    {
        var check = answer.Check;
        terminal.Line($"{check.Scheme.Name}: {check.Scheme.Title}");
        var knobs = check
            .Scheme.Knobs.Values.Where(k => check.Knobs[k.Name] != k.Values[k.Default])
            .Select(k => $"{k.Name}={check.Knobs[k.Name]}")
            .ToList();
        var with = knobs.Count == 0 ? "" : $", with {string.Join(' ', knobs)}";
        terminal.Line($"  {check.Cpus} CPUs, memory {check.Memory.ToString().ToLowerInvariant()}{with}");
        terminal.Line();
        if (answer.Repairs is { } repairs)
            Write(repairs);
        else if (answer.Property is { } property)
            Prose($"{property} holds: there is nothing to mend");
        else
            Prose("nothing that it promises is violated: there is nothing to mend");
        terminal.Line();
        if (answer.Redundancy is { } redundancy)
            Write(redundancy);
        else
            Prose("redundant: not known; the search was given up");
        terminal.Line();
        ScopeText.NotExplored(terminal, check);
        ScopeText.Assuming(terminal, check);
    }

    private void Write(RepairResult repairs)
    {
        var count = repairs.Found.Count;
        var which = count == 1 ? "this" : $"each of these {count}";
        Prose(
            count == 0
                ? $"{repairs.Property} is violated in {repairs.Length} moves, and nothing was found that mends it"
                : $"{repairs.Property} is violated in {repairs.Length} moves. It holds with {which}, "
                    + "and so does all else that is promised and held:"
        );
        for (var i = 0; i < count; i++)
            Write(i + 1, repairs.Found[i], repairs.Property);
        if (repairs.Refused.Count > 0)
        {
            terminal.Line();
            Prose($"these mend {repairs.Property} and break something else:");
            foreach (var refused in repairs.Refused)
                terminal.Line($"  {string.Join(" + ", refused.Parts.Select(Name))}: {refused.Broken}");
        }

        terminal.Line();
        var scope =
            string.Create(
                CultureInfo.InvariantCulture,
                $"looked for sets of at most {repairs.MostParts} of {repairs.Candidates:N0} possible additions, "
            ) + string.Create(CultureInfo.InvariantCulture, $"in {repairs.Searches:N0} searches");
        Prose(
            repairs.IsComplete
                ? $"{scope}: there are no other minimal ones (what that rests on: docs/guide/questions.md)"
            : repairs.Undecided > 0
                ? $"{scope}; {repairs.Undecided} sets were not decided: their search ended at a limit"
            : $"{scope}; given up: there may be others"
        );
    }

    private void Write(int number, Repair repair, string property)
    {
        terminal.Line();
        for (var i = 0; i < repair.Parts.Count; i++)
        {
            terminal.Line($"  {(i == 0 ? $"{number}." : ""),-3} {Name(repair.Parts[i])}");
            // Of one part alone it is the scheme itself, and that is said above.
            if (repair.Parts.Count > 1)
                terminal.Line($"        without it {property} is violated in {repair.Without[i]} moves");
        }

        foreach (
            var cost in new[] { RepairCosts.Time(repair), RepairCosts.Interrupts(repair) }.Where(c => c.Length > 0)
        )
        {
            foreach (var line in Wrapping.Lines("      costs: ", cost, 13))
                terminal.Line(line);
        }
    }

    private void Write(Redundancy redundancy)
    {
        var parts = redundancy.Parts;
        var redundant = parts.Where(p => p.Verdict == RemovalVerdict.Redundant).ToList();
        var with = redundancy.With.Count == 0 ? "" : ", with the first of these added";
        if (!redundancy.IsComplete)
        {
            var left = parts.Count(p => p.Verdict == RemovalVerdict.Undecided);
            Prose($"given up: {left} of {parts.Count} parts are not known, nor which may go together");
        }

        Prose(
            $"redundant: {redundant.Count} of {parts.Count} parts{with}; without each of them no verdict changes "
                + $"(held: {string.Join(", ", redundancy.Held)})"
        );
        foreach (var part in redundant)
            Item(part);
        if (redundancy.IsComplete && redundant.Count > redundancy.Together.Count)
            Prose($"all but those of which another does the same may go together: {redundancy.Together.Count} parts");
        Some("without these something that is violated holds:", RemovalVerdict.Changes);
        Some("not known:", RemovalVerdict.Undecided);
        Some("needed:", RemovalVerdict.Needed);
        if (!redundancy.HasOrders)
            Prose("not looked at: barriers and orders of accesses, which do nothing under sc");

        void Some(string head, RemovalVerdict verdict)
        {
            var some = parts.Where(p => p.Verdict == verdict).ToList();
            if (some.Count == 0)
                return;
            terminal.Line();
            Prose(head);
            foreach (var part in some)
                Item(part);
        }
    }

    private void Item(RemovedPart part)
    {
        terminal.Line($"  {Name(part.Part)}");
        foreach (var line in Wrapping.Lines("        ", part.Reason, 8))
            terminal.Line(line);
    }

    private static string Name(Part part) =>
        $"{part.Text}  ({part.Block}, {Path.GetFileName(part.Span.Source.Path)}:{part.Span.Line})";

    private void Prose(string text)
    {
        foreach (var line in Wrapping.Lines("", text, 2))
            terminal.Line(line);
    }
}
