using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Demo;

/// <summary>Who kicks while the isolated CPU spins.</summary>
internal enum IsolationLegKind
{
    /// <summary>Nobody: what the machine does by itself.</summary>
    Nobody,

    /// <summary><see cref="Interlocked.MemoryBarrierProcessWide"/>.</summary>
    ProcessWide,

    /// <summary><see cref="RcuDomain.Kick"/>.</summary>
    Lazy,
}

/// <summary>What one leg showed.</summary>
internal sealed record IsolationLeg(
    IsolationLegKind Kind,
    TimeSpan Elapsed,
    long Kicks,
    IReadOnlyList<InterruptDelta> Interrupts,
    LogHistogram Gaps
)
{
    public string Name => NameOf(Kind);

    /// <summary>Function call interrupts that arrived on the isolated CPU, whoever sent them.</summary>
    public long FunctionCalls =>
        Interrupts.FirstOrDefault(interrupt => interrupt.Source == InterruptCounts.FunctionCalls)?.Count ?? 0;

    public static string NameOf(IsolationLegKind kind) =>
        kind switch
        {
            IsolationLegKind.Nobody => "nobody kicks",
            IsolationLegKind.ProcessWide => "MemoryBarrierProcessWide",
            _ => "RcuDomain.Kick",
        };
}

/// <summary>All legs of one run.</summary>
internal sealed record IsolationResult(int IsolatedCpu, int KickerCpu, IReadOnlyList<IsolationLeg> Legs)
{
    /// <summary>
    /// Whether the run shows anything: a process-wide barrier interrupts a CPU only while a thread of this process runs
    /// on it. Below one interrupt for every two barriers somebody else had the CPU for too long.
    /// </summary>
    public bool IsConclusive =>
        Legs.Single(leg => leg.Kind == IsolationLegKind.ProcessWide) is { Kicks: > 0 } leg
        && 2 * leg.FunctionCalls >= leg.Kicks;
}
