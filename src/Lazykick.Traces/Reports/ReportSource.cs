using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>What a report is made of, when the trace has been played.</summary>
internal sealed class ReportSource
{
    public required TraceFile Trace { get; init; }

    public required FunctionTable Functions { get; init; }

    public required CauseTable Causes { get; init; }

    public required IReadOnlyList<SkipRule> Schemes { get; init; }

    public required Selection Selection { get; init; }

    public required EventPlan Plan { get; init; }

    public required IReadOnlyList<CpuLane> Lanes { get; init; }

    public required CpuTimeline[] Cpus { get; init; }

    public required Ledger Ledger { get; init; }

    public required KickMatcher Matcher { get; init; }

    public required ulong Start { get; init; }

    public required ulong End { get; init; }
}
