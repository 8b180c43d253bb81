namespace Lazykick.Cli.Json;

/// <summary>What the page of a report holds besides its packed timeline.</summary>
internal sealed record ReportPageDocument
{
    /// <summary>The same as <c>report --json</c> writes of this trace.</summary>
    public required ReportDocument.TraceOf Report { get; init; }

    /// <summary>A sentence for each CPU.</summary>
    public required IReadOnlyList<string> Headlines { get; init; }

    public required TimelineOf Timeline { get; init; }

    /// <summary>What the codes under <c>missing</c> mean: the events to record.</summary>
    public required IReadOnlyDictionary<string, string> Evidence { get; init; }

    /// <summary>How to read the packed bytes, and the names of what they count.</summary>
    internal sealed record TimelineOf
    {
        /// <summary>Units of the trace clock at which the selection begins; points in time count from here.</summary>
        public required string Origin { get; init; }

        /// <summary>The same in nanoseconds since 1970, or null where the trace does not tell.</summary>
        public string? OriginUtc { get; init; }

        /// <summary>The same on the trace clock as people read it.</summary>
        public required string OriginText { get; init; }

        public required double NanosecondsPerUnit { get; init; }

        public required ulong Length { get; init; }

        public required IReadOnlyList<LaneOf> Lanes { get; init; }

        public required long Kicks { get; init; }

        public required long Interrupts { get; init; }

        public required long Breaks { get; init; }

        /// <summary>Functions and call sites by number.</summary>
        public required IReadOnlyList<string> Names { get; init; }

        /// <summary>Classes of the function table for these names; empty where it has none.</summary>
        public required IReadOnlyList<string> Classes { get; init; }

        public required IReadOnlyList<string> Tasks { get; init; }

        public required IReadOnlyDictionary<string, string> Devices { get; init; }

        public required IReadOnlyList<string> States { get; init; }

        public required IReadOnlyList<string> Causes { get; init; }

        public required IReadOnlyList<string> Verdicts { get; init; }

        public required IReadOnlyList<string> Deliveries { get; init; }
    }

    /// <summary>The states of a CPU.</summary>
    /// <param name="Cpu">Which.</param>
    /// <param name="Start">Its first point, in units after the origin.</param>
    /// <param name="Count">Stretches.</param>
    internal sealed record LaneOf(int Cpu, double Start, long Count);
}
