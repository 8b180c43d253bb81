using Lazykick.Checking.Comparing;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Comparing;

/// <summary>The JSON form of what <c>diff</c> found.</summary>
internal static class ComparisonJson
{
    public const string Schema = "lazykick.diff/1";

    public static DiffDocument Of(ComparisonAnswer answer) =>
        new()
        {
            Schema = Schema,
            Same = answer.Status == ExitStatus.Done,
            Differences = answer.Differences,
            First = Scheme(answer.Comparison.First),
            Second = Scheme(answer.Comparison.Second),
            Properties = [.. answer.Comparison.Properties.Select(Property)],
            Positions = answer.Comparison.HasWindows ? [.. Positions(answer.Comparison)] : null,
            Telling = answer.Telling is { } telling ? Telling(telling, answer.Following) : null,
        };

    private static DiffDocument.ComparedScheme Scheme(CheckResult result) =>
        new(
            result.Scheme.Name,
            result.Memory,
            [.. Enumerable.Range(0, result.Cpus).Select(c => result.Scheme.RoleOf(c).Name)],
            result.Knobs,
            result.End,
            result.End == SearchEnd.Exhausted,
            result.States,
            result.Transitions,
            result.InFlight > 0 ? result.InFlight : null,
            result.InFlight > 0 ? result.InFlightReached : null
        );

    private static DiffDocument.BothVerdicts Property(ComparedProperty property) =>
        new(
            property.Property,
            property.IsDifferent,
            property.IsPromised,
            property.First?.Verdict ?? Verdict.NotChecked,
            Length(property.First),
            property.Second?.Verdict ?? Verdict.NotChecked,
            Length(property.Second)
        );

    private static int? Length(PropertyVerdict? verdict) =>
        verdict is { Verdict: Verdict.Violated } ? verdict.Length : null;

    private static IEnumerable<DiffDocument.BothPositions> Positions(Comparison comparison) =>
        comparison
            .Positions.Where(p => p.First is null || p.Second is null || p.IsOldInFirst || p.IsOldInSecond)
            .Select(p => new DiffDocument.BothPositions(
                p.Any.Role,
                p.Any.Path,
                p.Any.Calls,
                p.Any.Step,
                p.Any.Span.Source.Path,
                p.Any.Span.Line,
                p.First?.MayRunStale,
                p.Second?.MayRunStale
            ));

    private static DiffDocument.TellingRace Telling(TellingExecution telling, Following? following) =>
        new(
            telling.IsOfFirst,
            telling.Property,
            telling.Verdict.Length,
            telling.Verdict.Race.Value is { } race ? CheckJson.Race(race) : null,
            following?.Moves,
            following?.IsWhole
        );
}
