using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;
using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Checking;

/// <summary>The result of a check for programs: docs/reference/json.md.</summary>
internal static class CheckJson
{
    public const string Schema = "lazykick.check/2";

    public static CheckDocument.CheckedConfiguration Of(CheckedScheme found)
    {
        var result = found.Decisive;
        var answer = found.Answer;
        return new()
        {
            Answer = answer.Kind,
            Asked = answer.Properties,
            Reasons = answer.Reasons,
            Raised = found.Raised.Count == 0 ? null : [.. found.Raised.Select(r => Raised(r, found.Asked))],
            Differences = found.Expected is null ? null : found.Differences,
            NotExplored = result.NotExplored,
            Remarks = [.. result.Remarks, .. SchemePolicies.NotPriced(result.Scheme)],
            Scheme = result.Scheme.Name,
            Title = result.Scheme.Title,
            Memory = result.Memory,
            Cpus = [.. Enumerable.Range(0, result.Cpus).Select(c => result.Scheme.RoleOf(c).Name)],
            Knobs = result.Knobs,
            End = result.End,
            Exhaustive = result.End == SearchEnd.Exhausted,
            States = result.States,
            Moves = result.Transitions,
            Reductions = result.Reductions,
            Levels = result.Levels,
            StateBits = result.StateBits,
            Bytes = result.Bytes,
            Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
            InFlight = result.InFlight > 0 ? result.InFlight : null,
            InFlightReached = result.InFlight > 0 ? result.InFlightReached : null,
            KickReturned = result.KickReturned,
            Reach = found.Reach is null ? null : ReachOf(found.Result, found.Reach),
            Assumptions = result.Assumptions,
            NotChecked = result.NotChecked,
            Properties = [.. found.Shown.Select(Property)],
            Others = found.Others.Count == 0 ? null : [.. found.Others.Select(Property)],
            Positions = [.. result.Positions.Select(Position)],
        };
    }

    private static CheckDocument.RaisedCheck Raised(CheckResult result, IReadOnlyList<string> asked) =>
        new(result.InFlight, result.InFlightReached, result.AnswerOn(asked).Kind, result.End, result.States);

    private static IEnumerable<KeyValuePair<string, string>> Excepted(CheckResult result, Reach reach) =>
        reach.Cutoff.Excepted.Where(e => result.Verdicts.Any(v => v.Property == e.Key));

    private static CheckDocument.CheckedReach ReachOf(CheckResult result, Reach reach) =>
        new(
            reach.Cutoff.Applies,
            reach.Cutoff.Reason,
            reach.Cutoff.Applies
                ? [.. Excepted(result, reach).Select(e => new CheckDocument.ExceptedProperty(e.Key, e.Value))]
                : null,
            reach.Wider is not { } wider
                ? null
                : new(
                    wider.Cpus,
                    wider.States,
                    wider.Levels,
                    wider.End == SearchEnd.Exhausted,
                    [.. reach.Broken(result).Select(v => v.Property)]
                )
        );

    private static CheckDocument.CheckedProperty Property(PropertyVerdict verdict)
    {
        var isViolated = verdict.Verdict == Verdict.Violated;
        return new(
            verdict.Property,
            verdict.Verdict,
            verdict.IsPromised,
            isViolated ? verdict.Length : null,
            isViolated && verdict.Race.Value is { } race ? Race(race) : null
        );
    }

    public static CheckDocument.DrawnRace Race(Race race) =>
        new(
            race.Starts,
            [.. race.Moves.Select(Move)],
            race.OldText is { } old ? Text(old) : null,
            race.Standing.Count == 0 ? null : [.. race.Standing.Select(Stuck)]
        );

    private static CheckDocument.StuckCpu Stuck(RaceStanding at) =>
        new(
            at.Cpu,
            at.Path,
            at.Step,
            at.Span.Source.Path,
            at.Span.Line,
            [
                .. at.WaitsFor.Select(w => new CheckDocument.Awaited(
                    w.Variable,
                    w.Value,
                    w.Holder,
                    [.. w.Setters.Select(Text)]
                )),
            ],
            at.IsLooping,
            at.Pending,
            at.SwitchedOff,
            at.IsMasked,
            at.MayStay
        );

    private static CheckDocument.OldText Text(RaceText text) =>
        new(text.Cpu, text.Path, text.Step, text.Span.Source.Path, text.Span.Line);

    private static CheckDocument.RaceStep Move(RaceMove move) =>
        new()
        {
            Cpu = move.Cpu,
            Step = move.Step,
            Note = move.Note,
            Enters = move.Enters,
            Path = move.Path,
            Calls = move.Calls,
            File = move.Span.Source.Path,
            Line = move.Span.Line,
            Kernel = move.Kernel,
            Kind = move.Kind,
            Phase = move.Phase,
            Access = move.Access,
            Variable = move.Variable,
            ReadValue = move.ReadValue,
            Target = move.Target,
            Skips = move.Skips,
            Changes = move.Changes.ToDictionary(c => c.Name, c => (int[])[c.Before, c.After], StringComparer.Ordinal),
        };

    public static CheckDocument.PathPosition Position(WindowPosition position) =>
        new(
            position.Role,
            position.Path,
            position.Calls,
            position.Step,
            position.Span.Source.Path,
            position.Span.Line,
            position.IsVisited,
            position.IsTaken,
            position.MayRunStale,
            position.MayBeInEqs
        );
}
