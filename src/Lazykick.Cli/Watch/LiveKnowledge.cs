using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Watch;

/// <summary>
/// Which figures a live view tells. A lost event, or a kick whose sender is not among the events, costs it what it was
/// and not all that comes after: that events were lost is a figure of its own. What this kernel has no events for is
/// not told.
/// </summary>
internal static class LiveKnowledge
{
    // What a trace with a gap lacks, and one without these events lacks besides others.
    private static readonly HashSet<Evidence> s_lost =
    [
        Evidence.WholeCpu,
        Evidence.WholeTrace,
        Evidence.AllSenders,
        Evidence.Tasks,
        Evidence.Span,
    ];

    /// <summary>True where nothing but events that were lost is missing.</summary>
    public static bool Tells(CpuReport cpu, Figure figure) =>
        cpu.Knowledge.Of(figure) == Certainty.Known
        || cpu.Knowledge.MissingFor(figure).All(static missing => s_lost.Contains(missing));
}
