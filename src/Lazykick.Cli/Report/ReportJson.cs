using Lazykick.Cli.Json;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;
using Document = Lazykick.Cli.Json.ReportDocument;

namespace Lazykick.Cli.Report;

/// <summary>The reports for programs: <c>lazykick.report/2</c>, described in docs/reference/json.md.</summary>
internal sealed class ReportJson
{
    private const int MostSenders = 10;

    private const string Schema = "lazykick.report/2";

    private static readonly EntryCause[] s_causes = Enum.GetValues<EntryCause>();
    private static readonly CpuState[] s_states = Enum.GetValues<CpuState>();

    private readonly List<Document.TraceOf> _reports = [];

    public void Add(TraceReport report, string name, string? phase, ReportSettings settings) =>
        _reports.Add(Of(report, name, phase, settings));

    /// <summary>One report as documents have it.</summary>
    public static Document.TraceOf Of(
        TraceReport report,
        string name,
        string? phase,
        ReportSettings settings
    )
    {
        var times = new TraceTimes(report.Trace);
        var known = new TargetKnowledge(report);
        return new Document.TraceOf
        {
            Trace = SourceOf(report, name, times),
            Limits = report.Limits.ToDictionary(static limit => limit.Code, static limit => limit.Text),
            Damage =
            [
                .. report.Damage.Select(static damage => new Document.DamageOf(
                    damage.File,
                    damage.Offset,
                    damage.Expected
                )),
            ],
            Schemes =
            [
                .. report.Schemes.Select(static rule => new Document.SchemeOf(
                    rule.Name,
                    rule.Serves,
                    [.. rule.Skips.Select(TraceWords.Json)],
                    SchemeWarning.Of(rule)
                )),
            ],
            Selection = ScopeOf(report.Selection, phase ?? "", times),
            BreaksOf = settings.Tasks?.Wanted,
            Phases = [.. report.Phases.Select(scope => ScopeOf(scope, scope.Name, times))],
            WorstBreaks = [.. report.WorstBreaks.Select(worst => WorstOf(worst, times))],
            BreakCauses = [.. report.BreakCauses.Select(cause => CauseOf(cause, times))],
            WakeCauses = [.. report.WakeCauses.Select(cause => CauseOf(cause, times))],
            Senders = [.. report.Senders.Select(sender => SenderOf(sender, known, times))],
            SendersByTask = [.. report.SendersByTask.Select(task => TaskOf(task, known, times))],
            SendersByCgroup = [.. report.SendersByCgroup.Select(task => TaskOf(task, known, times))],
            FailOn = [.. settings.FailOn.Select(condition => ConditionOf(condition, report))],
        };
    }

    public void Write(Stream output) =>
        JsonOutput.Write(output, new Document(Schema, _reports), JsonOutput.Documents.ReportDocument);

    private static Document.SourceOf SourceOf(TraceReport report, string name, TraceTimes times)
    {
        var trace = report.Trace;
        return new Document.SourceOf
        {
            Name = name,
            Container = TraceWords.Json(trace.Container),
            Kernel = trace.KernelRelease,
            Machine = trace.Machine,
            Clock = trace.Clock,
            TimeUnit = trace.CountsCycles ? "cycles" : "ns",
            Events = report.Events,
            LostEvents = report.LostEvents,
            LossGaps = report.LossGaps,
            Start = times.Point(report.Start),
            End = times.Point(report.End),
            StartUtc = times.WallClock(report.Start),
        };
    }

    private static Document.ScopeOf ScopeOf(ScopeReport scope, string name, TraceTimes times) =>
        new()
        {
            Phase = name,
            From = times.Point(scope.From),
            To = times.Point(scope.To),
            Duration = times.Round(scope.Duration),
            Cpus = [.. scope.Cpus.Select(cpu => CpuOf(cpu, times))],
        };

    private static Document.CpuOf CpuOf(CpuReport cpu, TraceTimes times) =>
        new()
        {
            Cpu = cpu.Cpu,
            ContextTracking = cpu.IsTracked,
            HasEvents = cpu.HasEvents,
            NotKnown = CpuFigures.NotKnown(cpu, times),
            Time = s_states.ToDictionary(TraceWords.Json, state => CpuFigures.Time(cpu, state, times)),
            OwnEntries = cpu.Knowledge.Told(Figure.OwnEntries, cpu.SelfExits),
            Interrupts = s_causes
                .Where(cause => CpuFigures.OfCause(cause) is not null || cpu.Interrupts(cause) > 0)
                .ToDictionary(TraceWords.Json, cause => InterruptOf(cpu, cause)),
            Breaks = BreaksOf(cpu, times),
            BreakTimes =
                cpu.Knowledge.Of(Figure.BreakTime) == Certainty.Known
                    ? LatencyOf(cpu.BreakQuantile, cpu.LongestBreak, times)
                    : null,
            Kicks = KicksOf(cpu, times),
            Schemes = [.. cpu.Schemes.Select(price => PriceOf(price, cpu.Knowledge, times))],
        };

    private static Document.WorstOf WorstOf(BreakReport worst, TraceTimes times) =>
        new()
        {
            Cpu = worst.Cpu,
            Start = times.Point(worst.Start),
            Duration = times.Round(worst.Duration),
            Of = TraceWords.Json(worst.Of),
            Task = worst.Task,
            Why = worst.Cause.Name,
            Chain = [.. worst.Chain.Select(static step => step.Name ?? TraceWords.Json(step.Cause))],
            Sender = worst.Sender,
            Function = worst.Function,
            CallSite = worst.CallSite,
            SystemCall = worst.SystemCall,
            Stack = StackOf(worst.Stack),
        };

    private static Document.CauseOf CauseOf(BreakCauseReport cause, TraceTimes times) =>
        new()
        {
            Why = cause.Cause.Name,
            Reason = cause.Cause.Reason,
            Cause = TraceWords.Json(cause.Interrupt),
            Function = cause.Functions.Count == 1 ? cause.Functions[0] : null,
            Functions = cause.Functions,
            Senders = [.. cause.Senders.Take(MostSenders).Select(static sender => sender.Task)],
            SoftIrqs = cause.SoftIrqs,
            Stack = StackOf(cause.Stack),
            Device = cause.Device,
            Class = cause.Row?.KickClass,
            Cure = cause.Cause.Cure,
            Count = cause.Count,
            Time = times.Round(cause.Time),
            Longest = times.Round(cause.Longest),
        };

    private static Document.TaskOf TaskOf(TaskReport task, TargetKnowledge known, TraceTimes times) =>
        new(
            task.Name,
            task.Tasks,
            task.Kicks,
            task.Interrupts,
            known.Told(task.Targets, Figure.Needless, task.Needless),
            known.Told(task.Targets, Figure.BreakTime, times.Round(task.Stolen))
        );

    private static IReadOnlyList<string>? StackOf(IReadOnlyList<string> stack) => stack.Count > 0 ? stack : null;

    private static Document.InterruptOf InterruptOf(CpuReport cpu, EntryCause cause)
    {
        var isHitKnown = cpu.Knowledge.Of(Figure.Hits) == Certainty.Known;
        return new Document.InterruptOf
        {
            Total = CpuFigures.OfCause(cause) is { } figure
                ? cpu.Knowledge.Told(figure, cpu.Interrupts(cause))
                : cpu.Interrupts(cause),
            Hit = isHitKnown ? ByState(state => cpu.Interrupts(cause, state)) : null,
            InsideABreakOf = isHitKnown ? ByState(state => cpu.Further(cause, state)) : null,
        };
    }

    private static List<Document.BreakOf>? BreaksOf(CpuReport cpu, TraceTimes times)
    {
        if (cpu.Knowledge.Of(Figure.Breaks) != Certainty.Known || cpu.Knowledge.Of(Figure.Wakes) != Certainty.Known)
            return null;
        var isTimeKnown = cpu.Knowledge.Of(Figure.BreakTime) == Certainty.Known;
        return
        [
            .. from cause in s_causes
            from state in s_states
            where cpu.Breaks(cause, state) > 0
            select new Document.BreakOf(
                TraceWords.Json(cause),
                TraceWords.Json(state),
                cpu.Breaks(cause, state),
                isTimeKnown ? times.Round(cpu.BreakTime(cause, state)) : null
            ),
        ];
    }

    private static Document.KicksOf KicksOf(CpuReport cpu, TraceTimes times)
    {
        var kicks = cpu.Kicks;
        var known = cpu.Knowledge;
        return new Document.KicksOf
        {
            Asked = known.Told(Figure.Asked, kicks.Count),
            Interrupts = known.Told(Figure.Sent, kicks.Interrupts),
            Coalesced = known.Told(Figure.Delivered, kicks.Coalesced),
            WithoutInterrupt = known.Told(Figure.Delivered, kicks.WithoutInterrupt),
            Undecided = known.Told(Figure.Delivered, kicks.Undecided),
            WakesWithoutInterrupt = known.Told(Figure.PolledWakes, kicks.WakesWithoutInterrupt),
            Unattributed = known.Told(Figure.Unmatched, kicks.Unattributed),
            NotArrived = known.Told(Figure.Unmatched, kicks.NotArrived),
            ToItself = known.Told(Figure.SelfKicks, kicks.SelfKicks),
            Verdicts = ByVerdict(verdict => known.Told(CpuFigures.Of(verdict), kicks.Verdict(verdict))),
            InterruptVerdicts = ByVerdict(verdict =>
                known.Of(Figure.Sent) == Certainty.Known
                    ? known.Told(CpuFigures.Of(verdict), kicks.InterruptVerdict(verdict))
                    : null
            ),
            NeedlessAtLeast = cpu.NeedlessAtLeast,
            NeedlessAtMost = cpu.NeedlessAtMost,
            Deferrable = StatesOf(cpu, Deferrability.Deferrable),
            Never = StatesOf(cpu, Deferrability.Never),
            Unlisted = StatesOf(cpu, Deferrability.Unknown),
            Latency =
                known.Of(Figure.Latency) == Certainty.Known
                    ? LatencyOf(kicks.LatencyQuantile, kicks.LongestLatency, times)
                    : null,
        };
    }

    private static Document.LatencyOf LatencyOf(Func<double, ValueRange> quantile, ulong longest, TraceTimes times)
    {
        var (half, most) = (quantile(0.5), quantile(0.99));
        return new Document.LatencyOf(
            times.Round(half.AtMost),
            times.Round(half.AtLeast),
            times.Round(most.AtMost),
            times.Round(most.AtLeast),
            times.Round(longest)
        );
    }

    private static Document.StatesOf StatesOf(CpuReport cpu, Deferrability deferrability)
    {
        // The same is missing for states of targets as for the verdicts that are made of them.
        var isKnown = cpu.Knowledge.Of(Figure.Undecided) == Certainty.Known;
        return new Document.StatesOf
        {
            Asked = isKnown ? ByState(state => cpu.Kicks.Asked(deferrability, state)) : null,
            Interrupts = isKnown ? ByState(state => cpu.Kicks.Sent(deferrability, state)) : null,
        };
    }

    private static Document.PriceOf PriceOf(SchemePrice price, Knowledge known, TraceTimes times)
    {
        if (known.Of(Figure.Prices) != Certainty.Known)
            return new Document.PriceOf { Scheme = price.Rule.Name };
        var saved = known.Of(Figure.SavedBreaks);
        var (low, high) = price.AnotherRun;
        return new Document.PriceOf
        {
            Scheme = price.Rule.Name,
            Expected = OutcomeOf(price.Expected, saved, times),
            Fewest = OutcomeOf(price.Fewest, saved, times),
            Most = OutcomeOf(price.Most, saved, times),
            InterruptsLeftInAnotherRun = new Document.RangeOf(Math.Round(low, 1), Math.Round(high, 1)),
        };
    }

    private static Document.OutcomeOf OutcomeOf(SchemeOutcome outcome, Certainty saved, TraceTimes times)
    {
        var isSavedKnown = saved == Certainty.Known;
        return new Document.OutcomeOf
        {
            ServedKicks = outcome.Served,
            ServedInterrupts = outcome.ServedInterrupts,
            Deferred = outcome.Skipped,
            InterruptsAvoided = outcome.InterruptsAvoided,
            InterruptsAdded = outcome.InterruptsAdded,
            InterruptsLeft = outcome.InterruptsLeft,
            UserBreaksAvoided = isSavedKnown ? outcome.UserBreaksAvoided : null,
            IdleWakesAvoided = isSavedKnown ? outcome.IdleWakesAvoided : null,
            GuestExitsAvoided = isSavedKnown ? outcome.GuestExitsAvoided : null,
            TimeSaved = isSavedKnown ? times.Round(outcome.TimeSaved) : null,
            CatchUps = outcome.CatchUps,
            Collapsed = outcome.Collapsed,
        };
    }

    private static Document.SenderOf SenderOf(SenderReport sender, TargetKnowledge known, TraceTimes times) =>
        new()
        {
            Pid = sender.Pid >= 0 ? sender.Pid : null,
            Task = sender.Task,
            Recorder = sender.IsRecorder ? true : null,
            Function = sender.Function,
            CallSite = sender.CallSite,
            SystemCall = sender.SystemCall,
            Stack = StackOf(sender.Stack),
            Why = sender.Cause.Name,
            Interrupt = TraceWords.Json(sender.Vector),
            Class = sender.Row?.KickClass,
            Reason = sender.Row?.Reason,
            Kicks = sender.Kicks,
            Interrupts = sender.Interrupts,
            Verdicts = Enum.GetValues<KickVerdict>().ToDictionary(
                TraceWords.Json,
                verdict => known.Told(sender, verdict)
            ),
            States = ByState(sender.State),
            Took = known.Told(sender.Targets, Figure.BreakTime, times.Round(sender.Stolen)),
            Targets = CpuListText.Of(sender.Targets),
        };

    private static Document.ConditionOf ConditionOf(FailCondition condition, TraceReport report)
    {
        var answer = condition.Evaluate(report);
        return new Document.ConditionOf(condition.Text, answer?.Value, answer?.IsCrossed);
    }

    private static Dictionary<string, long> ByState(Func<CpuState, long> count) =>
        s_states.Where(state => count(state) > 0).ToDictionary(TraceWords.Json, count);

    private static Dictionary<string, long?> ByVerdict(Func<KickVerdict, long?> count) =>
        Enum.GetValues<KickVerdict>().ToDictionary(TraceWords.Json, count);
}
