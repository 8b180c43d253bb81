namespace Lazykick.Checking.Verdicts;

/// <summary>
/// Holds what a search found that leaves out states which change no answer against one that leaves out nothing
/// (<see cref="CheckOptions.Exact"/>).
/// </summary>
public static class ReductionTest
{
    /// <summary>Every answer that differs, a line each; none if the reductions are right.</summary>
    /// <param name="exact">What the whole space shows.</param>
    /// <param name="reduced">What the reduced space shows. Both were searched to their end.</param>
    public static IReadOnlyList<string> Differences(CheckResult exact, CheckResult reduced)
    {
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(reduced);
        return
        [
            .. Compare("verdicts", exact.Verdicts.Select(Verdict), reduced.Verdicts.Select(Verdict)),
            .. Compare("positions", exact.Positions.Select(Position), reduced.Positions.Select(Position)),
            .. Compare("not checked", exact.NotChecked.Select(Pair), reduced.NotChecked.Select(Pair)),
            .. Compare("gaps", exact.Gaps, reduced.Gaps),
            .. Compare("remarks", exact.Remarks, reduced.Remarks),
            .. exact.InFlightReached || !reduced.InFlightReached
                ? Array.Empty<string>()
                : ["only in the reduced space a window of accesses in flight was full"],
            .. Compare("a kick returns", [$"{exact.KickReturned}"], [$"{reduced.KickReturned}"]),
            .. reduced.Verdicts.Where(HasOtherRace).Select(v => $"{v.Property}: the race has another length"),
        ];
    }

    private static IEnumerable<string> Compare(string what, IEnumerable<string> exact, IEnumerable<string> reduced)
    {
        var (whole, left) = (exact.ToHashSet(StringComparer.Ordinal), reduced.ToHashSet(StringComparer.Ordinal));
        return
        [
            .. whole.Except(left).Select(line => $"{what}: {line}, only in the whole space"),
            .. left.Except(whole).Select(line => $"{what}: {line}, only in the reduced space"),
        ];
    }

    // The state from which a kick cannot return may be one with accesses in flight that a reduced space reaches later.
    private static string Verdict(PropertyVerdict verdict) =>
        verdict.Property == Properties.S8Return.Name
            ? $"{verdict.Property} {verdict.Verdict}"
            : $"{verdict.Property} {verdict.Verdict} {verdict.Length}";

    private static bool HasOtherRace(PropertyVerdict verdict) =>
        verdict.Race.Value is { } race && race.Moves.Count + (race.OldText is null ? 0 : 1) != verdict.Length;

    private static string Position(WindowPosition position) =>
        $"{position.Role} {position.Path} {string.Join('>', position.Calls)} {position.Step} "
            + $"{position.Span}:{position.Span.Column}"
        + (position.IsVisited ? " visited" : "")
        + (position.IsTaken ? " taken" : "")
        + (position.MayRunStale ? " old text" : "")
        + (position.MayBeInEqs ? " in EQS" : "");

    private static string Pair(KeyValuePair<string, string> pair) => $"{pair.Key}: {pair.Value}";
}
