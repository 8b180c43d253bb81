namespace Lazykick.Traces.Containers;

/// <summary>
/// What the kernel's own counters said about the buffer of one CPU when recording ended (per_cpu/cpuN/stats).
/// </summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Entries">Events in the buffer.</param>
/// <param name="Overrun">Events that newer ones overwrote: lost before the first event of the trace.</param>
/// <param name="CommitOverrun">Events lost because an interrupted writer held the buffer.</param>
/// <param name="Dropped">Events refused because the buffer was full (overwrite off).</param>
public sealed record CpuStatistics(int Cpu, long Entries, long Overrun, long CommitOverrun, long Dropped)
{
    /// <summary>Events lost for whatever reason.</summary>
    public long Lost => Overrun + CommitOverrun + Dropped;
}
