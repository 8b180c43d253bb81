using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Checking;

/// <summary>
/// The result of a check as people read it: verdicts first, then the race, the windows, and what all that rests on.
/// </summary>
internal sealed class CheckText(Terminal terminal)
{
    public void Write(CheckResult result, IReadOnlyList<PropertyVerdict> shown, bool allPositions, Reach? reach)
    {
        var scheme = result.Scheme;
        terminal.Line(($"{scheme.Name}: {scheme.Title}", "bold"));
        terminal.Line(
            $"  {result.Cpus} CPUs ({string.Join(", ", Enumerable.Range(0, result.Cpus).Select(c => scheme.RoleOf(c).Name))}), memory {result.Memory.ToString().ToLowerInvariant()}{Knobs(result)}"
        );
        terminal.Line();
        foreach (var verdict in shown)
            WriteVerdict(verdict);
        terminal.Line();
        if (Drawn(shown) is { } drawn && drawn.Race.Value is { } race)
        {
            terminal.Line(($"{drawn.Property} in {drawn.Length} moves:", "bold"));
            terminal.Line();
            terminal.Line(RaceDrawing.Draw(race).TrimEnd('\n'));
            terminal.Line();
        }

        if (allPositions)
            AllPositions(result);
        else
            Windows(result);
        Never(result);
        Footer(result);
        if (reach is not null)
            WriteReach(result, reach);
    }

    /// <summary>
    /// The violation that a reader wants to see first: a broken promise, then what is not violated by every scheme.
    /// </summary>
    private static PropertyVerdict? Drawn(IReadOnlyList<PropertyVerdict> shown) =>
        shown
            .Where(v => v.Verdict == Verdict.Violated)
            .OrderBy(v =>
                v.IsPromised ? 0
                : v.Definition.IsPromisedByDefault ? 1
                : 2
            )
            .FirstOrDefault();

    private static string Knobs(CheckResult result)
    {
        var changed = result
            .Scheme.Knobs.Values.Where(k => result.Knobs[k.Name] != k.Values[k.Default])
            .Select(k => $"{k.Name}={result.Knobs[k.Name]}")
            .ToList();
        return changed.Count == 0 ? "" : ", with " + string.Join(' ', changed);
    }

    private void WriteVerdict(PropertyVerdict verdict)
    {
        var (word, style) = verdict.Verdict switch
        {
            Verdict.Holds => ("holds", "green"),
            Verdict.Violated => ("VIOLATED", "bold red"),
            _ => ("undecided", "yellow"),
        };
        var length = verdict.Length > 0 ? $"{verdict.Length} moves" : "";
        terminal.Line(
            ($"  {verdict.Property,-11} ", ""),
            ($"{word,-9}", style),
            (
                $" {length,-9} {verdict.Definition.Sentence}{(verdict.IsPromised ? "" : " (not promised)")}".TrimEnd(),
                ""
            )
        );
    }

    /// <summary>The windows, each path's neighbouring positions in one line.</summary>
    private void Windows(CheckResult result)
    {
        var visited = result.Positions.Where(p => p.IsVisited).ToList();
        var stale = visited.Count(p => p.MayRunStale);
        if (stale == 0)
        {
            terminal.Line("windows: none; text at every visited position is new once the kick has returned");
            terminal.Line();
            return;
        }

        terminal.Line(
            (
                $"windows: at {stale} of {visited.Count} positions text may be old after the kick; it must not be patched",
                "bold"
            )
        );
        foreach (var path in visited.GroupBy(p => (p.Role, p.Path)).Where(g => g.Any(p => p.MayRunStale)))
        {
            foreach (var run in Runs([.. path]))
            {
                var range = run.Count == 1 ? Name(run[0]) : $"{Name(run[0])} .. {Name(run[^1])}";
                terminal.Line($"  {path.Key.Path,-10} {range}  ({run.Count}, {run.Count(p => p.MayBeInEqs)} in EQS)");
            }
        }

        terminal.Line("  (--windows lists every position)");
        terminal.Line();
    }

    private void AllPositions(CheckResult result)
    {
        terminal.Line(
            (
                "positions: text that may be old after the kick; where the CPU may be in the EQS, so that RCU must not be used",
                "bold"
            )
        );
        foreach (var path in result.Positions.Where(p => p.IsVisited).GroupBy(p => (p.Role, p.Path)))
        {
            terminal.Line($"  {path.Key.Path} ({path.Key.Role})");
            foreach (var p in path)
            {
                terminal.Line(
                    $"    {(p.MayRunStale ? "old text" : ""),-9}{(p.MayBeInEqs ? "in EQS" : ""),-7} {Name(p)}  {Path.GetFileName(p.Span.Source.Path)}:{p.Span.Line}"
                );
            }
        }

        terminal.Line();
    }

    private static IEnumerable<List<WindowPosition>> Runs(IReadOnlyList<WindowPosition> positions)
    {
        var run = new List<WindowPosition>();
        foreach (var position in positions)
        {
            if (position.MayRunStale)
            {
                run.Add(position);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
            yield return run;
    }

    /// <summary>How many CPUs the verdicts speak of.</summary>
    private void WriteReach(CheckResult result, Reach reach)
    {
        if (reach.Cutoff.Applies)
        {
            terminal.Line("for any number of targets: none reads what another writes, and the kicker does for each what it does");
            terminal.Line("  for one (docs/design/cutoff.md)");
            foreach (var (property, reason) in reach.Cutoff.Excepted.Where(e => result.Verdicts.Any(v => v.Property == e.Key)))
                terminal.Line($"  but {property} for 2 CPUs only: {reason}");
            return;
        }

        terminal.Line($"2 CPUs only: {reach.Cutoff.Reason}");
        if (reach.Wider is not { } wider)
            return;
        var extent = wider.End == SearchEnd.Exhausted
            ? string.Create(CultureInfo.InvariantCulture, $"all {wider.States:N0} states")
            : string.Create(CultureInfo.InvariantCulture, $"up to level {wider.Levels}, {Reach.WiderStates:N0} states being the limit (--cpus 3 goes on)");
        var broken = reach.Broken(result).Select(v => $"{v.Property} VIOLATED in {v.Length} moves").ToList();
        terminal.Line(broken.Count == 0
            ? $"  3 CPUs: nothing else is violated in {extent}"
            : $"  3 CPUs: {string.Join(", ", broken)} (--cpus 3 draws it)");
    }

    private static string Name(WindowPosition position) =>
        position.Step.Length == 0 ? "(place)"
        : position.Calls.Count == 0 ? position.Step
        : $"{position.Step} [{position.Calls[^1]}]";

    private void Never(CheckResult result)
    {
        if (result.End != SearchEnd.Exhausted)
            return;
        var never = result.NeverTaken.ToList();
        if (!result.KickReturned)
            terminal.Line(("no kick ever returns: nothing that holds here says anything", "bold red"));
        if (never.Count == 0)
            return;
        terminal.Line(($"never taken: {never.Count} step{(never.Count == 1 ? "" : "s")}", "bold"));
        foreach (var position in never)
        {
            terminal.Line(
                $"  {position.Path,-10} {Name(position)}  {Path.GetFileName(position.Span.Source.Path)}:{position.Span.Line}"
            );
        }

        terminal.Line();
    }

    private void Footer(CheckResult result)
    {
        if (result.Assumptions.Count > 0)
        {
            terminal.Line("assuming:");
            foreach (var assumption in result.Assumptions)
                terminal.Line($"  {assumption}");
        }

        terminal.Line(
            $"not checked: {string.Join("; ", result.NotStated.Select(n => $"{n.Key} ({n.Value})"))}"
        );
        var covered =
            result.End == SearchEnd.Exhausted ? "exhaustive" : $"NOT exhaustive: {SearchEndText.Of(result.End)}";
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.States:N0} states, {result.Transitions:N0} moves, {result.Levels} levels, {covered}, {result.Elapsed.TotalSeconds:F2} s"
            )
        );
    }
}
