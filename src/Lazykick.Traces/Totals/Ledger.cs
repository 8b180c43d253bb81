using System.Numerics;
using System.Runtime.InteropServices;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;
using Lazykick.Traces.Timelines;

namespace Lazykick.Traces.Totals;

/// <summary>
/// The counts of a report, by part of the trace and CPU, and by sender. Nothing here grows with the trace.
/// </summary>
internal sealed class Ledger
{
    private const int MostSenders = 8192;

    private readonly SchemeDecisions _schemes;
    private readonly Selection _selection;
    private readonly Action<KickDetail>? _onKick;
    private readonly Dictionary<SenderKey, SenderTotals> _senders = [];

    public Ledger(CpuTimeline[] cpus, SchemeDecisions schemes, Selection selection, Action<KickDetail>? onKick)
    {
        _schemes = schemes;
        _selection = selection;
        _onKick = onKick;
        Scopes = new ScopeSet(cpus, schemes.Skips.Bits, selection);
    }

    public ScopeSet Scopes { get; }

    public SkipTable Skips => _schemes.Skips;

    public IReadOnlyDictionary<SenderKey, SenderTotals> Senders => _senders;

    /// <summary>Senders beyond the table's size, together.</summary>
    public SenderTotals OtherSenders { get; } = new();

    /// <summary>Breaks of user mode and of guests from outside.</summary>
    public BreakTotals Breaks { get; } = new();

    /// <summary>Wake-ups from idle.</summary>
    public BreakTotals Wakes { get; } = new();

    /// <summary>Places at which events are missing.</summary>
    public long LossGaps { get; private set; }

    public void CountOwnEntries(int cpu, long times)
    {
        foreach (var scope in Scopes.Of(Scopes.Open))
            scope[cpu].SelfExits += times;
    }

    /// <summary>In these schemes the target has deferred work from this kick on: it will catch up once.</summary>
    public void CountCatchUps(Kick kick, ulong schemes)
    {
        if (schemes == 0 || kick.Sender == kick.Target)
            return;
        foreach (var scope in Scopes.Of(kick.Scopes))
        {
            var totals = scope[kick.Target];
            for (var rest = schemes; rest != 0; rest &= rest - 1)
                totals.Schemes[BitOperations.TrailingZeroCount(rest)].CatchUps++;
        }
    }

    /// <param name="cpu">The CPU whose break is over.</param>
    /// <param name="avoided">Schemes in which nothing of it happens.</param>
    /// <param name="blamed">The sender that is charged with it, or null.</param>
    /// <param name="time">When it ended.</param>
    /// <param name="timeline">Who is told of it, or null.</param>
    public void CountBreak(CpuTimeline cpu, ulong avoided, SenderKey? blamed, ulong time, ITimelineObserver? timeline)
    {
        var over = cpu.Break;
        if (over.Of != CpuState.Idle && !_selection.HasTask(over.Pid))
            return;
        var duration = time - Math.Min(time, over.Start);
        var at = CpuTotals.At(over.Cause, over.Of);
        foreach (var scope in Scopes.Of(over.Scopes))
        {
            var totals = scope[cpu.Cpu];
            totals.Breaks[at]++;
            totals.BreakTimes[at] += duration;
            if (over.Of != CpuState.Idle && over.Cause.IsInterrupt())
            {
                totals.BreakDurations.Add(duration);
                totals.BreakSquares += (double)duration * duration;
            }

            for (var rest = avoided; rest != 0; rest &= rest - 1)
                totals.Schemes[BitOperations.TrailingZeroCount(rest)].AddAvoidedBreak(over.Of, duration);
        }

        if (!IsSelected(over.Scopes, cpu.Cpu))
            return;
        if (blamed is { } sender)
            SenderOf(sender).Stolen += duration;
        if (over.Of == CpuState.Idle)
            Wakes.Add(cpu, blamed, duration);
        if (over.Of == CpuState.Idle || !over.Cause.IsInterrupt())
            return;
        Breaks.Add(cpu, blamed, duration);
        timeline?.OnBreak(
            new BreakSpan
            {
                Cpu = cpu.Cpu,
                Of = over.Of,
                Cause = over.Cause,
                Irq = over.Chain.Count > 0 ? over.Chain[0].Irq : -1,
                Start = over.Start,
                Duration = duration,
                Function = blamed?.Function ?? 0,
                CallSite = blamed?.CallSite ?? 0,
                Sender = blamed?.Pid ?? -1,
            }
        );
    }

    public void CountInterrupt(CpuTimeline cpu, InterruptFrame frame)
    {
        var at = CpuTotals.At(frame.Cause, frame.Hit);
        foreach (var scope in Scopes.Of(frame.Scopes))
        {
            var totals = scope[cpu.Cpu];
            totals.Interrupts[at]++;
            if (frame.Further is { } broken)
                totals.Further[CpuTotals.At(frame.Cause, broken)]++;
        }
    }

    public void CountNmi(int cpu, CpuState hit, int pid)
    {
        var at = CpuTotals.At(EntryCause.Nmi, hit);
        foreach (var scope in Scopes.Of(Scopes.Open))
        {
            var totals = scope[cpu];
            totals.Interrupts[at]++;
            if (hit.IsOutsideKernel() && (hit == CpuState.Idle || _selection.HasTask(pid)))
                totals.Breaks[at]++;
        }
    }

    /// <summary>Events of a CPU are missing since a time: in all that was open since then.</summary>
    public void CountLoss(int cpu, ulong since)
    {
        LossGaps++;
        foreach (var scope in Scopes.All)
        {
            if (scope.IsOpen || (scope.FirstOpened != ulong.MaxValue && scope.LastClosed >= since))
                scope[cpu].Losses++;
        }
    }

    public void CountNotArrived(Kick kick)
    {
        foreach (var scope in Scopes.Of(kick.Scopes))
            scope[kick.Target].NotArrived++;
    }

    public void CountWakeWithoutInterrupt(int target)
    {
        foreach (var scope in Scopes.Of(Scopes.Open))
            scope[target].WakesWithoutInterrupt++;
    }

    public void CountKick(Kick kick)
    {
        foreach (var scope in Scopes.Of(kick.Scopes))
            Add(scope[kick.Target], kick);
        if (!IsSelected(kick.Scopes, kick.Target) || kick.Sender == kick.Target)
            return;
        SenderOf(SenderKey.Of(kick)).Add(kick);
        _onKick?.Invoke(kick.ToDetail() with { Policies = (_schemes.Skips.Served(kick.Class), kick.Skip) });
    }

    /// <summary>
    /// An interrupt that nobody was seen to send: kernels without sender events, or sent before the trace began.
    /// </summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="frame">The interrupt.</param>
    /// <param name="function">What was seen to run in it, or 0.</param>
    /// <param name="of">The class of that.</param>
    public void CountUnattributed(CpuTimeline cpu, InterruptFrame frame, ulong function, FunctionClass of)
    {
        var isFunction = frame.Cause == EntryCause.FunctionCall && of.Deferrability != Deferrability.Never;
        var verdict = isFunction ? KickVerdict.Unknown : KickVerdict.NeverDeferrable;
        // A function that nobody names may be one that a scheme serves: it widens the prediction.
        var hit = isFunction ? _schemes.Skips.Mask(of, frame.Hit) : 0;
        foreach (var scope in Scopes.Of(frame.Scopes))
        {
            var totals = scope[cpu.Cpu];
            totals.Unattributed++;
            totals.Verdicts[(int)verdict]++;
            totals.InterruptVerdicts[(int)verdict]++;
            totals.Deliveries[(int)KickDelivery.Interrupt]++;
            for (var rest = hit; rest != 0; rest &= rest - 1)
            {
                ref var scheme = ref totals.Schemes[BitOperations.TrailingZeroCount(rest)];
                scheme.Skipped++;
                scheme.Avoided++;
            }
        }

        if (IsSelected(frame.Scopes, cpu.Cpu))
            SenderOf(new SenderKey(function, 0, -1, frame.Cause)).AddUnattributed(frame, cpu.Cpu, verdict);
    }

    public bool IsSelected(ulong scopes, int cpu) => (scopes & 1) != 0 && _selection.Has(cpu);

    private void Add(CpuTotals totals, Kick kick)
    {
        if (kick.Sender == kick.Target)
        {
            totals.SelfKicks++;
            return;
        }

        totals.Add(kick);
        var isInterrupt = kick.Delivery == KickDelivery.Interrupt ? 1 : 0;
        for (var rest = _schemes.Skips.Served(kick.Class); rest != 0; rest &= rest - 1)
        {
            var bit = BitOperations.TrailingZeroCount(rest);
            ref var scheme = ref totals.Schemes[bit];
            scheme.Served++;
            scheme.ServedInterrupts += isInterrupt;
            if (isInterrupt != 0)
                scheme.Decisions.Add((kick.Skip & (1UL << bit)) == 0);
        }

        for (var rest = kick.Skip; rest != 0; rest &= rest - 1)
        {
            ref var scheme = ref totals.Schemes[BitOperations.TrailingZeroCount(rest)];
            scheme.Skipped++;
            scheme.Avoided += isInterrupt;
        }

        if (kick.Delivery != KickDelivery.Coalesced)
            return;
        for (var rest = kick.Alone & ~kick.Skip & _schemes.Skips.All; rest != 0; rest &= rest - 1)
            totals.Schemes[BitOperations.TrailingZeroCount(rest)].Added++;
    }

    private SenderTotals SenderOf(SenderKey key)
    {
        if (_senders.Count >= MostSenders && !_senders.ContainsKey(key))
            return OtherSenders;
        return CollectionsMarshal.GetValueRefOrAddDefault(_senders, key, out _) ??= new SenderTotals();
    }
}
