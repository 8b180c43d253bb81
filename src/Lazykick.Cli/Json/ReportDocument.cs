using System.Text.Json.Serialization;

namespace Lazykick.Cli.Json;

/// <summary>
/// What <c>report</c> read from traces, for programs: docs/reference/json.md. A figure that its trace cannot tell is
/// null, and named under <c>notKnown</c>.
/// </summary>
/// <param name="Schema">Name and version of the form.</param>
/// <param name="Reports">One for each trace.</param>
internal sealed record ReportDocument(string Schema, IReadOnlyList<ReportDocument.TraceOf> Reports)
{
    /// <summary>One trace.</summary>
    internal sealed record TraceOf
    {
        public required SourceOf Trace { get; init; }

        public required IReadOnlyDictionary<string, string> Limits { get; init; }

        public required IReadOnlyList<DamageOf> Damage { get; init; }

        public required IReadOnlyList<SchemeOf> Schemes { get; init; }

        public required ScopeOf Selection { get; init; }

        /// <summary>The tasks of which breaks count, as they were asked for; absent where all do.</summary>
        public IReadOnlyList<string>? BreaksOf { get; init; }

        public required IReadOnlyList<ScopeOf> Phases { get; init; }

        /// <summary>The longest breaks of user mode and guests within the selection.</summary>
        public required IReadOnlyList<WorstOf> WorstBreaks { get; init; }

        /// <summary>Breaks within the selection by what came first, the most time first.</summary>
        public required IReadOnlyList<CauseOf> BreakCauses { get; init; }

        /// <summary>Wake-ups from idle in the same way.</summary>
        public required IReadOnlyList<CauseOf> WakeCauses { get; init; }

        public required IReadOnlyList<SenderOf> Senders { get; init; }

        /// <summary>Senders by their names.</summary>
        public required IReadOnlyList<TaskOf> SendersByTask { get; init; }

        /// <summary>Senders by their cgroups, where the trace has them.</summary>
        public required IReadOnlyList<TaskOf> SendersByCgroup { get; init; }

        public required IReadOnlyList<ConditionOf> FailOn { get; init; }
    }

    internal sealed record SourceOf
    {
        public required string Name { get; init; }

        public required string Container { get; init; }

        public string? Kernel { get; init; }

        public string? Machine { get; init; }

        public required string Clock { get; init; }

        /// <summary>ns, or cycles of a clock whose rate the trace does not tell.</summary>
        public required string TimeUnit { get; init; }

        public required long Events { get; init; }

        public required long LostEvents { get; init; }

        public required long LossGaps { get; init; }

        public required string Start { get; init; }

        public required string End { get; init; }

        public string? StartUtc { get; init; }
    }

    internal sealed record DamageOf(string File, long Offset, string Expected);

    internal sealed record SchemeOf(
        string Name,
        IReadOnlyList<string> Serves,
        IReadOnlyList<string> Skips,
        string? Warning
    );

    internal sealed record ScopeOf
    {
        public required string Phase { get; init; }

        public required string From { get; init; }

        public required string To { get; init; }

        public required long Duration { get; init; }

        public required IReadOnlyList<CpuOf> Cpus { get; init; }
    }

    internal sealed record CpuOf
    {
        public required int Cpu { get; init; }

        public required bool ContextTracking { get; init; }

        public required bool HasEvents { get; init; }

        /// <summary>Figures of this CPU that the trace cannot tell.</summary>
        public required IReadOnlyDictionary<string, GapOf> NotKnown { get; init; }

        public required IReadOnlyDictionary<string, long?> Time { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? OwnEntries { get; init; }

        public required IReadOnlyDictionary<string, InterruptOf> Interrupts { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public IReadOnlyList<BreakOf>? Breaks { get; init; }

        /// <summary>How long breaks of user mode and guests from outside took.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public LatencyOf? BreakTimes { get; init; }

        public required KicksOf Kicks { get; init; }

        public required IReadOnlyList<PriceOf> Schemes { get; init; }
    }

    internal sealed record WorstOf
    {
        public required int Cpu { get; init; }

        public required string Start { get; init; }

        public required long Duration { get; init; }

        public required string Of { get; init; }

        public required string Task { get; init; }

        /// <summary>Why, in words.</summary>
        public required string Why { get; init; }

        /// <summary>The interrupts that came, in order.</summary>
        public required IReadOnlyList<string> Chain { get; init; }

        public string? Sender { get; init; }

        public string? Function { get; init; }

        public string? CallSite { get; init; }

        public string? SystemCall { get; init; }

        /// <summary>The sender's call stack, the innermost frame first.</summary>
        public IReadOnlyList<string>? Stack { get; init; }
    }

    internal sealed record CauseOf
    {
        /// <summary>Why, in words.</summary>
        public required string Why { get; init; }

        /// <summary>What the rule says that named it.</summary>
        public required string Reason { get; init; }

        public required string Cause { get; init; }

        public required IReadOnlyList<string> Functions { get; init; }

        public required IReadOnlyList<string> Senders { get; init; }

        public IReadOnlyList<string>? SoftIrqs { get; init; }

        public IReadOnlyList<string>? Stack { get; init; }

        public string? Function { get; init; }

        public string? Device { get; init; }

        public string? Class { get; init; }

        public string? Cure { get; init; }

        public required long Count { get; init; }

        public required long Time { get; init; }

        public required long Longest { get; init; }
    }

    /// <summary>Why a figure is not known, and what is known of it.</summary>
    /// <param name="Missing">What it is made of that the trace does not have.</param>
    /// <param name="AtLeast">A lower bound, where there is one.</param>
    internal sealed record GapOf(IReadOnlyList<string> Missing, long? AtLeast);

    internal sealed record InterruptOf
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? Total { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public IReadOnlyDictionary<string, long>? Hit { get; init; }

        public IReadOnlyDictionary<string, long>? InsideABreakOf { get; init; }
    }

    internal sealed record BreakOf(string Cause, string Of, long Count, long? Time);

    internal sealed record KicksOf
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? Asked { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? Interrupts { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? Coalesced { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? WithoutInterrupt { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? Undecided { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? WakesWithoutInterrupt { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? Unattributed { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? NotArrived { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? ToItself { get; init; }

        public required IReadOnlyDictionary<string, long?> Verdicts { get; init; }

        public required IReadOnlyDictionary<string, long?> InterruptVerdicts { get; init; }

        /// <summary>Valid whatever is missing.</summary>
        public required long NeedlessAtLeast { get; init; }

        /// <summary>Null where no upper bound is known.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? NeedlessAtMost { get; init; }

        public required StatesOf Deferrable { get; init; }

        public required StatesOf Never { get; init; }

        public required StatesOf Unlisted { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public LatencyOf? Latency { get; init; }
    }

    internal sealed record StatesOf
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public IReadOnlyDictionary<string, long>? Asked { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public IReadOnlyDictionary<string, long>? Interrupts { get; init; }
    }

    /// <summary>Percentiles by the edges of their buckets, equal where the value is known; the longest is.</summary>
    internal sealed record LatencyOf(long P50, long P50AtLeast, long P99, long P99AtLeast, long Max);

    internal sealed record PriceOf
    {
        public required string Scheme { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public OutcomeOf? Expected { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public OutcomeOf? Fewest { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public OutcomeOf? Most { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public RangeOf? InterruptsLeftInAnotherRun { get; init; }
    }

    internal sealed record RangeOf(double Low, double High);

    internal sealed record OutcomeOf
    {
        public required long ServedKicks { get; init; }

        public required long ServedInterrupts { get; init; }

        public required long Deferred { get; init; }

        public required long InterruptsAvoided { get; init; }

        public required long InterruptsAdded { get; init; }

        public required long InterruptsLeft { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? UserBreaksAvoided { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? IdleWakesAvoided { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? GuestExitsAvoided { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public long? TimeSaved { get; init; }

        public required long CatchUps { get; init; }

        public required long Collapsed { get; init; }
    }

    internal sealed record SenderOf
    {
        public int? Pid { get; init; }

        public string? Task { get; init; }

        /// <summary>True for a task of the recorder that made the trace.</summary>
        public bool? Recorder { get; init; }

        public string? Function { get; init; }

        public string? CallSite { get; init; }

        public string? SystemCall { get; init; }

        public IReadOnlyList<string>? Stack { get; init; }

        /// <summary>Why, in words.</summary>
        public required string Why { get; init; }

        public required string Interrupt { get; init; }

        public string? Class { get; init; }

        public string? Reason { get; init; }

        public required long Kicks { get; init; }

        public required long Interrupts { get; init; }

        /// <summary>By verdict; null where none is counted and the trace cannot tell.</summary>
        public required IReadOnlyDictionary<string, long?> Verdicts { get; init; }

        public required IReadOnlyDictionary<string, long> States { get; init; }

        /// <summary>Null where the trace cannot tell.</summary>
        public required long? Took { get; init; }

        public required string Targets { get; init; }
    }

    internal sealed record TaskOf(string Name, int Tasks, long Kicks, long Interrupts, long? Needless, long? Took);

    /// <summary>A condition of <c>--fail-on</c>; null where the trace cannot tell.</summary>
    internal sealed record ConditionOf(
        string Condition,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Value,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool? Crossed
    );
}
