using System.Numerics;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Pricing;

/// <summary>
/// What each scheme would have done, decided while the trace is played: which kicks it leaves out, in which breaks
/// nothing happens in it, and where a CPU has work to catch up with. A bit a scheme and variant.
/// </summary>
internal sealed class SchemeDecisions
{
    private readonly SkipTable _skips;
    private readonly KickQueue[] _queues;
    private readonly ulong[] _avoided;
    private readonly ulong[] _catchUp;

    public SchemeDecisions(SkipTable skips, KickQueue[] queues)
    {
        _skips = skips;
        _queues = queues;
        _avoided = new ulong[queues.Length];
        _catchUp = new ulong[queues.Length];
    }

    public SkipTable Skips => _skips;

    /// <summary>Whether the CPU has work to catch up with in some scheme when it comes back.</summary>
    public bool HasDeferred(int cpu) => _catchUp[cpu] != 0;

    /// <summary>Schemes in which nothing of the open break happens.</summary>
    public ulong Avoided(int cpu) => _avoided[cpu];

    /// <summary>Decides about a kick.</summary>
    /// <returns>The schemes in which it is the first deferred work of its target.</returns>
    public ulong Ask(Kick kick, CpuTimeline target)
    {
        kick.Alone = SkippedByAll(target.Cpu);
        kick.SampleState = target.StateAt(kick.SampleTime);
        var skip = SkipBySample(kick, target);
        var avoided = _avoided[target.Cpu];
        if (target.Break.IsOpen && avoided != 0 && !kick.SampleState.IsOutsideKernel())
        {
            // In schemes that did without the interrupt that the CPU is busy with, it is still where it was.
            var still = _skips.Mask(kick.Class, target.Break.Of);
            skip = (skip & ~avoided) | (still & avoided);
        }

        kick.Skip = kick.IsDoubtful ? skip & ~_skips.FewestMask : skip;
        var first = kick.Skip & ~_catchUp[target.Cpu];
        _catchUp[target.Cpu] |= kick.Skip;
        return first;
    }

    /// <summary>
    /// What each scheme decides by the state at the sampling. When exactly that was is known to within twice the time
    /// that sampling takes: the fewest are skipped if every state meanwhile is skipped, the most if any is.
    /// </summary>
    private ulong SkipBySample(Kick kick, CpuTimeline target)
    {
        var skip = _skips.Mask(kick.Class, kick.SampleState);
        var states = target.StatesSince(kick.SampleTime - Math.Min(kick.SampleTime, kick.SampleSpan));
        if (BitOperations.IsPow2(states))
            return skip;
        var (all, any) = (~0UL, 0UL);
        for (; states != 0; states &= states - 1)
        {
            var mask = _skips.Mask(kick.Class, (CpuState)BitOperations.TrailingZeroCount(states));
            (all, any) = (all & mask, any | mask);
        }

        return (skip & ~_skips.FewestMask & ~_skips.MostMask) | (all & _skips.FewestMask) | (any & _skips.MostMask);
    }

    public void Doubt(Kick kick) => kick.Skip &= ~_skips.FewestMask;

    public void BreakBegan(CpuTimeline cpu) => _avoided[cpu.Cpu] = SkippedIf(cpu.Break.Cause, cpu.Cpu);

    public void InterruptBegan(CpuTimeline cpu, InterruptFrame frame)
    {
        if (cpu.Break.IsOpen)
            _avoided[cpu.Cpu] &= SkippedIf(frame.Cause, cpu.Cpu);
    }

    /// <summary>The CPU does something that no scheme does without.</summary>
    public void Worked(int cpu) => _avoided[cpu] = 0;

    /// <summary>The break is over, or was none.</summary>
    /// <returns>The schemes in which nothing of it happens.</returns>
    public ulong TakeAvoided(int cpu)
    {
        var avoided = _avoided[cpu];
        _avoided[cpu] = 0;
        return avoided;
    }

    /// <summary>
    /// The CPU really comes into the kernel in these schemes: deferred work is done, all of it at once.
    /// </summary>
    public void CatchUp(int cpu, ulong schemes) => _catchUp[cpu] &= ~schemes;

    private ulong SkippedIf(EntryCause cause, int cpu) => cause == EntryCause.FunctionCall ? SkippedByAll(cpu) : 0;

    /// <summary>
    /// Schemes that skip everything that waits for this CPU: an interrupt that comes now does not come in them.
    /// </summary>
    private ulong SkippedByAll(int cpu)
    {
        var outstanding = _queues[cpu].Outstanding;
        if (outstanding.Count == 0)
            return 0;
        var all = ~0UL;
        foreach (var kick in outstanding)
            all &= kick.Skip;
        return all;
    }
}
