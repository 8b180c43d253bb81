using Lazykick.Traces.Cpus;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>Totals of one <see cref="SenderKey"/>.</summary>
internal sealed class SenderTotals
{
    private const int MostTargets = 1024;

    public long Kicks { get; private set; }

    public long Interrupts { get; private set; }

    public long[] Verdicts { get; } = new long[5];

    public long[] HitStates { get; } = new long[CpuStates.Count];

    /// <summary>Time of the breaks that these kicks are charged with.</summary>
    public ulong Stolen { get; set; }

    /// <summary>The CPUs that were kicked, not more than a page of them.</summary>
    public SortedSet<int> Targets { get; } = [];

    public void Add(Kick kick)
    {
        Kicks++;
        Verdicts[(int)kick.Verdict]++;
        HitStates[(int)kick.SendState]++;
        if (kick.Delivery == KickDelivery.Interrupt)
            Interrupts++;
        AddTarget(kick.Target);
    }

    /// <summary>Adds the totals of another key.</summary>
    public void Add(SenderTotals other)
    {
        Kicks += other.Kicks;
        Interrupts += other.Interrupts;
        Stolen += other.Stolen;
        for (var i = 0; i < Verdicts.Length; i++)
            Verdicts[i] += other.Verdicts[i];
        for (var i = 0; i < HitStates.Length; i++)
            HitStates[i] += other.HitStates[i];
        foreach (var target in other.Targets)
            AddTarget(target);
    }

    public void AddUnattributed(InterruptFrame frame, int target, KickVerdict verdict)
    {
        Kicks++;
        Interrupts++;
        Verdicts[(int)verdict]++;
        HitStates[(int)frame.Hit]++;
        AddTarget(target);
    }

    private void AddTarget(int target)
    {
        if (Targets.Count < MostTargets)
            Targets.Add(target);
    }
}
