using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>
/// What a trace can tell of the kicks of a sender: what it can tell of all CPUs that were kicked. Nothing counted where
/// nothing can be told is unknown, and no zero.
/// </summary>
internal sealed class TargetKnowledge(TraceReport report)
{
    private readonly Dictionary<int, CpuReport> _cpus = report.Selection.Cpus.ToDictionary(static cpu => cpu.Cpu);

    /// <summary>A figure of kicks to these CPUs in a table.</summary>
    /// <param name="targets">The CPUs.</param>
    /// <param name="figure">Which one.</param>
    /// <param name="counted">What was counted, in words.</param>
    /// <param name="isNothing">Nothing was.</param>
    public string Text(IReadOnlyList<int> targets, Figure figure, string counted, bool isNothing) =>
        isNothing && !IsKnown(targets, figure) ? FigureText.Unknown : counted;

    /// <summary>The same in a document: null where nothing can be told.</summary>
    public long? Told(IReadOnlyList<int> targets, Figure figure, long counted) =>
        counted == 0 && !IsKnown(targets, figure) ? null : counted;

    /// <summary>Kicks with a verdict in a document.</summary>
    public long? Told(SenderReport sender, KickVerdict verdict) =>
        Told(sender.Targets, CpuFigures.Of(verdict), sender.Verdict(verdict));

    /// <summary>An upper bound of 0 is a 0.</summary>
    private bool IsKnown(IReadOnlyList<int> targets, Figure figure) =>
        targets.All(target =>
            !_cpus.TryGetValue(target, out var cpu)
            || cpu.Knowledge.Of(figure) is Certainty.Known or Certainty.AtMost
        );
}
