using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;
using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Checking;

/// <summary>
/// The result of a check as people read it: verdicts first, then the race, the windows, and what all that rests on.
/// </summary>
internal sealed class CheckText(Terminal terminal)
{
    /// <summary>Writes everything.</summary>
    public void Write(CheckedScheme found, bool allPositions, bool allMoves)
    {
        var result = found.Decisive;
        var scheme = result.Scheme;
        Answer(found);
        terminal.Line(($"{scheme.Name}: {scheme.Title}", "bold"));
        terminal.Line($"  {Configuration(result)}");
        terminal.Line();
        foreach (var verdict in found.Shown)
            WriteVerdict(verdict);
        terminal.Line();
        foreach (var difference in found.Differences)
            terminal.Line(($"not as expected: {difference}", "bold red"));
        if (found.Drawn is { } drawn && drawn.Race.Value is { } race)
        {
            var drawing = allMoves ? "" : "; drawn are those that the race needs (--moves: all)";
            terminal.Line(($"{drawn.Property} in {drawn.Length} moves", "bold"), ($"{drawing}:", ""));
            terminal.Line();
            terminal.Line(RaceDrawing.Draw(race, allMoves).TrimEnd('\n'));
            terminal.Line();
        }

        if (allPositions)
            AllPositions(result);
        else
            Windows(result);
        Never(result);
        Footer(result);
        if (found.Reach is not null)
            WriteReach(found.Result, found.Reach);
    }

    /// <summary>What a search that leaves states out found, beside one that leaves out none.</summary>
    public void SelfTest(CheckResult exact, CheckResult reduced, bool isWhole, IReadOnlyList<string> differences)
    {
        var by = reduced.Reductions.Count == 0 ? "nothing" : string.Join(", ", reduced.Reductions);
        terminal.Line(($"{exact.Scheme.Name}: {Configuration(exact)}", "bold"));
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {exact.States:N0} states, reduced by {by}: {reduced.States:N0}"
            )
        );
        if (!isWhole)
        {
            terminal.Line(($"  nothing is compared: {SearchEndText.Of(exact.End)}", "yellow"));
            return;
        }

        if (differences.Count == 0)
        {
            terminal.Line(
                (
                    $"  all answers are equal: {exact.Verdicts.Count} verdicts, {exact.Positions.Count} positions",
                    "green"
                )
            );
        }

        foreach (var difference in differences)
            terminal.Line(($"  {difference}", "bold red"));
    }

    /// <summary>A check with more accesses in flight, in one line.</summary>
    /// <param name="result">The check.</param>
    /// <param name="before">The one with one access less.</param>
    /// <param name="asked">Names of the properties that count; none: what the scheme promises.</param>
    public void Raised(CheckResult result, CheckResult before, IReadOnlyList<string> asked)
    {
        var what = result.AnswerOn(asked) switch
        {
            { Kind: AnswerKind.Broken } answer => $"BROKEN: {string.Join(", ", answer.Reasons)}",
            { Kind: AnswerKind.GaveUp } when result.End == SearchEnd.StateLimit =>
                $"not decided within so many states; --in-flight {result.InFlight} searches on",
            { Kind: AnswerKind.GaveUp } => SearchEndText.Of(result.End),
            // As many states are no proof: lazysync has as many with 6 as with 5, and more with 7.
            _ when result.InFlightReached && result.States == before.States =>
                "the same answer, no more states; a CPU lacked room for more",
            _ when result.InFlightReached => "the same answer; a CPU lacked room for more",
            _ => "the same answer; no CPU lacked room for more, so it holds of any number",
        };
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.InFlight} accesses in flight: {what}, {result.States:N0} states"
            )
        );
    }

    /// <summary>A property that no single step violates.</summary>
    public void OneKind(string property)
    {
        terminal.Line();
        terminal.Line($"{property}: its races are of one kind; no step of its own violates it");
    }

    /// <summary>One more race of the property that is drawn, which ends elsewhere; or that there is none.</summary>
    public void Another(
        string property,
        PropertyVerdict? other,
        IReadOnlyList<string> seen,
        bool isWhole,
        bool allMoves
    )
    {
        terminal.Line();
        if (other?.Race.Value is not { } race)
        {
            terminal.Line(
                isWhole
                    ? $"{property}: no race of another kind; all end in {string.Join(", ", seen)}"
                    : $"{property}: no race of another kind so far; the search is not finished"
            );
            return;
        }

        terminal.Line(($"{property} of another kind, in {other.Length} moves:", "bold"));
        terminal.Line();
        terminal.Line(RaceDrawing.Draw(race, allMoves).TrimEnd('\n'));
    }

    /// <summary>A configuration of an <c>.expected</c> file, in one line; and what differs.</summary>
    public void Expected(CheckedScheme found)
    {
        var differences = found.Differences;
        terminal.Line(
            (differences.Count == 0 ? "as expected: " : "DIFFERS:     ", differences.Count == 0 ? "green" : "bold red"),
            ($"{found.Result.Scheme.Name} {found.Expected!.Configuration}", "")
        );
        foreach (var difference in differences)
            terminal.Line($"    {difference}");
    }

    /// <summary>The first line: what all that follows comes to.</summary>
    private void Answer(CheckedScheme found)
    {
        var answer = found.Answer;
        var result = found.Decisive;
        var scope = $"({result.Cpus} CPUs, {result.Memory.ToString().ToLowerInvariant()})";
        var what = found.Asked.Count == 0 ? "what it promises" : string.Join(", ", found.Asked);
        switch (answer.Kind)
        {
            case AnswerKind.Holds:
                terminal.Line(("HOLDS", "bold green"), ($" {what} {scope}", ""));
                break;
            case AnswerKind.Broken:
                terminal.Line(("BROKEN", "bold red"), ($": {string.Join(", ", answer.Reasons)} {scope}", ""));
                break;
            case AnswerKind.GaveUp:
                terminal.Line(("NOT SHOWN", "bold yellow"), ($": {SearchEndText.Of(result.End)} {scope}", ""));
                break;
            default:
                terminal.Line(("NOT SHOWN", "bold yellow"), ($": {answer.Reasons[0]} {scope}", ""));
                foreach (var reason in answer.Reasons.Skip(1))
                    terminal.Line($"  and: {reason}");
                break;
        }
    }

    /// <summary>CPUs, memory, and knobs that differ from their defaults.</summary>
    public static string Configuration(CheckResult result)
    {
        var roles = Enumerable.Range(0, result.Cpus).Select(c => result.Scheme.RoleOf(c).Name);
        var memory = result.Memory.ToString().ToLowerInvariant();
        return $"{result.Cpus} CPUs ({string.Join(", ", roles)}), memory {memory}{Knobs(result)}";
    }

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
            Verdict.NotChecked => ("-", "yellow"),
            _ => ("undecided", "yellow"),
        };
        var length = verdict.Length > 0 ? $"{verdict.Length} moves" : "";
        var text = verdict.Reason is { } why ? $"not checked: {why}" : verdict.Definition.Sentence;
        terminal.Line(
            ($"  {verdict.Property,-11} ", ""),
            ($"{word,-9}", style),
            ($" {length,-9} {text}{(verdict.IsPromised ? "" : " (not promised)")}".TrimEnd(), "")
        );
    }

    /// <summary>The windows, each path's neighbouring positions in one line.</summary>
    private void Windows(CheckResult result)
    {
        var visited = result.Positions.Where(p => p.IsVisited).ToList();
        var stale = visited.Count(p => p.MayRunStale);
        var isWhole = result.End == SearchEnd.Exhausted;
        if (result.NotChecked.TryGetValue("S1.windows", out var why))
        {
            Prose("windows: ", $"not looked for: {why}");
            terminal.Line();
            return;
        }

        if (stale == 0)
        {
            terminal.Line(
                isWhole
                    ? "windows: none; text at every visited position is new once the kick has returned"
                    : "windows: none so far; the search is not finished"
            );
            terminal.Line();
            return;
        }

        terminal.Line(
            (
                $"windows: at {(isWhole ? "" : "least ")}{stale} of {visited.Count} positions text may be old after "
                    + "the kick; it must not be patched",
                "bold"
            )
        );
        foreach (var path in visited.GroupBy(p => (p.Role, p.Path)).Where(g => g.Any(p => p.MayRunStale)))
        {
            foreach (var run in Runs([.. path]))
            {
                var range =
                    run.Count == 1
                        ? PositionPattern.Name(run[0])
                        : $"{PositionPattern.Name(run[0])} .. {PositionPattern.Name(run[^1])}";
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
                "positions: text that may be old after the kick; where the CPU may be in the EQS, so that RCU must not "
                    + "be used",
                "bold"
            )
        );
        foreach (var path in result.Positions.Where(p => p.IsVisited).GroupBy(p => (p.Role, p.Path)))
        {
            terminal.Line($"  {path.Key.Path} ({path.Key.Role})");
            foreach (var p in path)
            {
                terminal.Line(
                    $"    {(p.MayRunStale ? "old text" : ""),-9}{(p.MayBeInEqs ? "in EQS" : ""),-7} "
                        + $"{PositionPattern.Name(p)}  {Path.GetFileName(p.Span.Source.Path)}:{p.Span.Line}"
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
            terminal.Line(
                "for any number of targets: none reads what another writes, and the kicker does for each what it does"
            );
            terminal.Line("  for one (docs/design/cutoff.md)");
            foreach (
                var (property, reason) in reach.Cutoff.Excepted.Where(e =>
                    result.Verdicts.Any(v => v.Property == e.Key)
                )
            )
            {
                terminal.Line($"  but {property} for 2 CPUs only: {reason}");
            }

            return;
        }

        terminal.Line($"2 CPUs only: {reach.Cutoff.Reason}");
        if (reach.Wider is not { } wider)
            return;
        var extent =
            wider.End == SearchEnd.Exhausted
                ? string.Create(CultureInfo.InvariantCulture, $"all {wider.States:N0} states")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"up to level {wider.Levels}, {Reach.WiderStates:N0} states being the limit (--cpus 3 goes on)"
                );
        var broken = reach.Broken(result).Select(v => $"{v.Property} VIOLATED in {v.Length} moves").ToList();
        terminal.Line(
            broken.Count == 0
                ? $"  3 CPUs: nothing else is violated in {extent}"
                : $"  3 CPUs: {string.Join(", ", broken)} (--cpus 3 draws it)"
        );
    }

    private void Never(CheckResult result)
    {
        if (result.End != SearchEnd.Exhausted)
            return;
        var never = result.NeverTaken.ToList();
        if (never.Count == 0)
            return;
        terminal.Line(($"never taken: {never.Count} step{(never.Count == 1 ? "" : "s")}", "bold"));
        foreach (var position in never)
        {
            terminal.Line(
                $"  {position.Path,-10} {PositionPattern.Name(position)}  "
                    + $"{Path.GetFileName(position.Span.Source.Path)}:{position.Span.Line}"
            );
        }

        terminal.Line();
    }

    private void Footer(CheckResult result)
    {
        ScopeText.NotExplored(terminal, result);
        var remarks = result.Remarks.Concat(SchemePolicies.NotPriced(result.Scheme)).ToList();
        if (remarks.Count > 0)
        {
            terminal.Line("look at:");
            foreach (var remark in remarks)
                Prose("  ", remark, 4);
        }

        if (result is { InFlight: > 0, InFlightReached: false, End: SearchEnd.Exhausted })
        {
            Prose(
                "in flight: ",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no CPU lacked room for more than {result.InFlight} accesses: all this holds of any number"
                )
            );
        }

        ScopeText.Assuming(terminal, result);
        var others = result.NotChecked.Where(n => result.Verdicts.All(v => v.Property != n.Key)).ToList();
        if (others.Count > 0)
            Prose("not checked: ", string.Join("; ", others.Select(n => $"{n.Key} ({n.Value})")));
        if (result.Reductions.Count > 0)
            Prose("reduced by: ", $"{string.Join(", ", result.Reductions)} (--exact counts every state)");
        var covered =
            result.End == SearchEnd.Exhausted ? "exhaustive" : $"NOT exhaustive: {SearchEndText.Of(result.End)}";
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.States:N0} states, {result.Transitions:N0} moves, {result.Levels} levels, {covered}, "
                    + $"{result.Elapsed.TotalSeconds:F2} s"
            )
        );
    }

    private void Prose(string head, string text, int indent = 2)
    {
        foreach (var line in Wrapping.Lines(head, text, indent))
            terminal.Line(line);
    }
}
