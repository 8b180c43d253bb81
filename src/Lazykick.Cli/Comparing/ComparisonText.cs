using System.Globalization;
using Lazykick.Checking.Comparing;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Comparing;

/// <summary>Writes what <c>diff</c> found: A is the first scheme, B the second.</summary>
internal sealed class ComparisonText(Terminal terminal)
{
    private const int MostLines = 12;

    public void Write(ComparisonAnswer answer, bool allMoves)
    {
        var comparison = answer.Comparison;
        Head(answer);
        terminal.Line();
        Side("A", comparison.First);
        Side("B", comparison.Second);
        terminal.Line();
        terminal.Line(($"  {"",-12}{"A",-21}B", "bold"));
        foreach (var property in comparison.Properties)
            Property(property);
        terminal.Line();
        Windows(comparison);
        Steps(comparison);
        Telling(answer, allMoves);
        Extent("A", comparison.First);
        Extent("B", comparison.Second);
    }

    private void Head(ComparisonAnswer answer)
    {
        if (answer.Comparison.HasDifference)
            terminal.Line(("DIFFERENT", "bold red"), ($": {string.Join(", ", answer.Differences)}", ""));
        else if (answer.Limit is { } limit)
            terminal.Line(("NOT SHOWN", "bold yellow"), ($": {SearchEndText.Of(limit)}", ""));
        else if (answer.Status == ExitStatus.CannotTell)
            terminal.Line(("NOT SHOWN", "bold yellow"), (": there is no property that both are judged by", ""));
        else
            terminal.Line(("THE SAME", "bold green"), ($": {Compared(answer.Comparison)}", ""));
    }

    private static string Compared(Comparison comparison) =>
        comparison.HasWindows
            ? "every verdict, and where text may be old"
                + (comparison.Positions.All(p => p.IsInBoth) ? "" : " at the steps that both have")
            : $"the verdicts on {string.Join(", ", comparison.Properties.Select(p => p.Property))}";

    private void Side(string name, CheckResult result)
    {
        terminal.Line($"{name}  {result.Scheme.Name}: {result.Scheme.Title}");
        terminal.Line($"     {CheckText.Configuration(result)}");
    }

    private void Property(ComparedProperty property)
    {
        var note = property.IsPromised ? "" : "(not promised)";
        var mark =
            property.IsDifferent ? "differs"
            : property.IsOpen ? "not known"
            : "";
        var rest = $"{mark,-9} {note}".TrimEnd();
        var second = Words(property.Second);
        terminal.Line(
            ($"  {property.Property,-12}{Words(property.First),-21}", ""),
            (rest.Length == 0 ? second : $"{second,-21}", ""),
            (rest, property.IsDifferent ? "bold red" : "")
        );
    }

    private static string Words(PropertyVerdict? verdict) =>
        verdict?.Verdict switch
        {
            Verdict.Holds => "holds",
            Verdict.Violated => $"VIOLATED  {verdict.Length} moves",
            Verdict.Undecided => "undecided",
            _ => "not checked",
        };

    private void Windows(Comparison comparison)
    {
        if (!comparison.HasWindows)
            return;
        if (!comparison.IsWhole)
        {
            terminal.Line("windows: not compared; a search is not finished");
            terminal.Line();
            return;
        }

        var (first, second) = (Count(comparison.First), Count(comparison.Second));
        if (!comparison.DifferentWindows.Any())
        {
            terminal.Line(
                first == second
                    ? $"windows: the same, text may be old at {first} positions"
                    : $"windows: the same at the steps that both have; text may be old at {first} positions in A, at "
                        + $"{second} in B"
            );
            terminal.Line();
            return;
        }

        terminal.Line(($"windows: text may be old at {first} positions in A, at {second} in B", "bold"));
        Runs("A", comparison.Positions, p => p.IsOldInFirst);
        Runs("B", comparison.Positions, p => p.IsOldInSecond);
        terminal.Line();
    }

    private static int Count(CheckResult result) => result.Windows.Count(p => p.IsVisited);

    private void Runs(string side, IReadOnlyList<ComparedPosition> positions, Func<ComparedPosition, bool> isOld)
    {
        var lines = new List<string>();
        // A step that only one has is named with the steps, and parts no window in two.
        foreach (var path in positions.Where(p => p.IsInBoth).GroupBy(p => (p.Any.Role, p.Any.Path)))
        {
            var run = new List<ComparedPosition>();
            foreach (var position in path.Append(null))
            {
                if (position is not null && isOld(position))
                {
                    run.Add(position);
                    continue;
                }

                if (run.Count > 0)
                    lines.Add(Line(path.Key.Path, run));
                run = [];
            }
        }

        if (lines.Count == 0)
            return;
        terminal.Line($"  old in {side} only:");
        List(lines);
    }

    private static string Line(string path, List<ComparedPosition> run)
    {
        var from = PositionPattern.Name(run[0].Any);
        var range = run.Count == 1 ? from : $"{from} .. {PositionPattern.Name(run[^1].Any)}";
        return $"{path,-10} {range}  ({run.Count})";
    }

    private void Steps(Comparison comparison)
    {
        var onlyA = Lines(comparison.Positions.Where(p => p.Second is null).Select(p => p.First!));
        var onlyB = Lines(comparison.Positions.Where(p => p.First is null).Select(p => p.Second!));
        if (onlyA.Count + onlyB.Count == 0)
            return;
        terminal.Line(("steps", "bold"));
        Some("A", onlyA);
        Some("B", onlyB);
        terminal.Line();

        void Some(string side, List<string> lines)
        {
            if (lines.Count == 0)
                return;
            terminal.Line($"  in {side} only:");
            List(lines);
        }
    }

    private static List<string> Lines(IEnumerable<WindowPosition> positions) =>
        [
            .. positions
                .GroupBy(p => (Name: PositionPattern.Name(p), p.Span))
                .Select(g =>
                    $"{g.Key.Name}  {Path.GetFileName(g.Key.Span.Source.Path)}:{g.Key.Span.Line}  "
                        + Extent(g.Count(), g.Count(p => p.MayRunStale))
                )
                .Select(l => l.TrimEnd()),
        ];

    private static string Extent(int positions, int old) =>
        (positions, old) switch
        {
            (1, 0) => "",
            (1, _) => "(text may be old there)",
            (_, 0) => $"(at {positions} positions)",
            _ when old == positions => $"(at {positions} positions; text may be old there)",
            _ => $"(at {positions} positions; text may be old at {old} of them)",
        };

    private void List(List<string> lines)
    {
        foreach (var line in lines.Take(MostLines))
            terminal.Line($"    {line}");
        if (lines.Count > MostLines)
            terminal.Line($"    and {lines.Count - MostLines} more (--json lists them)");
    }

    private void Telling(ComparisonAnswer answer, bool allMoves)
    {
        if (answer.Telling is not { } telling || telling.Verdict.Race.Value is not { } race)
            return;
        var (own, other) = telling.IsOfFirst ? ("A", "B") : ("B", "A");
        var what =
            telling.Windows is null
                ? $"{telling.Property} is violated in {own} in {telling.Verdict.Length} moves, and not in {other}:"
                : $"text may be old in {own} after {telling.Verdict.Length} moves where it is not in {other}:";
        terminal.Line((what, "bold"));
        terminal.Line();
        terminal.Line(RaceDrawing.Draw(race, allMoves).TrimEnd('\n'));
        terminal.Line();
        if (answer.Following is { } following)
            Prose(Words(following, race, other));
        terminal.Line();
    }

    private static string Words(Following following, Race race, string other)
    {
        if (following.GaveUp)
        {
            return $"{other} can make {following.Moves} of these {race.Moves.Count} moves, and maybe more: there are "
                + "too "
                + "many ways to try";
        }

        if (following.IsWhole)
            return $"{other} can make all these moves, as far as it has them, and then the property is not violated";
        var next = race.Moves[following.Moves];
        var step = next.Note is null ? next.Step : $"{next.Step} ({next.Note})";
        var stands = following
            .Stands.Take(3)
            .Select(s =>
                s.Step.Length == 0 ? $"at {s.Path}" : $"before '{s.Step}' "
                    + $"({Path.GetFileName(s.Span.Source.Path)}:{s.Span.Line})"
            );
        return $"{other} can make the first {following.Moves} of these {race.Moves.Count} moves, and nothing that "
            + "leads to "
            + $"the next, CPU{next.Cpu} '{step}'. CPU{next.Cpu} stands {string.Join(" or ", stands)} then";
    }

    private void Extent(string side, CheckResult result)
    {
        var covered =
            result.End == SearchEnd.Exhausted ? "exhaustive" : $"NOT exhaustive: {SearchEndText.Of(result.End)}";
        var inFlight =
            result.InFlight == 0 ? ""
            : result.InFlightReached ? $", at most {result.InFlight} accesses in flight, which was reached"
            : $", never more than {result.InFlight} accesses in flight";
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{side}: {result.States:N0} states, {result.Transitions:N0} moves, {covered}{inFlight}"
            )
        );
    }

    private void Prose(string text)
    {
        foreach (var line in Wrapping.Lines("", text, 2))
            terminal.Line(line);
    }
}
