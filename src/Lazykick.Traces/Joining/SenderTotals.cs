namespace Lazykick.Traces;

/// <summary>Totals of one <see cref="SenderKey"/>.</summary>
internal sealed class SenderTotals
{
    public long Kicks;
    public long Interrupts;
    public readonly long[] Verdicts = new long[5];
    public readonly long[] HitStates = new long[CpuStates.Count];
    public ulong Stolen;

    /// <summary>Targets, up to <see cref="MostTargets"/>.</summary>
    public readonly SortedSet<int> Targets = [];

    public const int MostTargets = 1024;
}
