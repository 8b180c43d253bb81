using System.Numerics;
using System.Runtime.InteropServices;

namespace Lazykick.Traces;

internal sealed partial class KickJoiner
{
    private static KickVerdict VerdictOf(Kick kick)
    {
        if (kick.Deferrability == Deferrability.Never)
            return KickVerdict.NeverDeferrable;
        if (kick.Deferrability == Deferrability.Unknown || kick.SendState == CpuState.Unknown)
            return KickVerdict.Unknown;
        if (!kick.SendState.IsEqs())
            return KickVerdict.Needed;
        if (!kick.Executed)
            return KickVerdict.Unknown;
        return kick.Arrived && !kick.LeftBefore && kick.ArrivalState.IsEqs() ? KickVerdict.Needless : KickVerdict.Raced;
    }

    /// <summary>A kick is over: everything about it is known.</summary>
    private void Count(Kick kick)
    {
        if (kick.Counted)
            return;
        kick.Counted = true;
        var verdict = VerdictOf(kick);
        foreach (var scope in _scopes.Of(kick.Scopes))
            Add(scope[kick.Target], kick, verdict);
        if ((kick.Scopes & 1) == 0 || !_reported[kick.Target] || kick.Sender == kick.Target)
            return;
        var sender = SenderOf(KeyOf(kick));
        sender.Kicks++;
        sender.Verdicts[(int)verdict]++;
        sender.HitStates[(int)kick.SendState]++;
        if (kick.Delivery == KickDelivery.Interrupt)
            sender.Interrupts++;
        if (sender.Targets.Count < SenderTotals.MostTargets)
            sender.Targets.Add(kick.Target);
        _options.OnKick?.Invoke(Detail(kick, verdict));
    }

    private void Add(CpuTotals totals, Kick kick, KickVerdict verdict)
    {
        if (kick.Sender == kick.Target)
        {
            totals.SelfKicks++;
            return;
        }

        var interrupt = kick.Delivery == KickDelivery.Interrupt;
        totals.Verdicts[(int)verdict]++;
        totals.Deliveries[(int)kick.Delivery]++;
        var at = CpuTotals.At(kick.Deferrability, kick.SendState);
        totals.AskedStates[at]++;
        if (interrupt)
        {
            totals.InterruptVerdicts[(int)verdict]++;
            totals.SentStates[CpuTotals.At(kick.Deferrability, kick.InterruptState)]++;
        }

        if (kick.Doubtful && verdict == KickVerdict.Needless)
            totals.DoubtfulNeedless++;
        if (kick.Executed && kick.RunTime >= kick.QueueTime)
            totals.Latency.Add(kick.RunTime - kick.QueueTime);

        for (var rest = _skips.Served(kick.SkipClass); rest != 0; rest &= rest - 1)
        {
            ref var scheme = ref totals.Schemes[BitOperations.TrailingZeroCount(rest)];
            scheme.Served++;
            if (interrupt)
                scheme.ServedInterrupts++;
        }

        for (var rest = kick.Skip; rest != 0; rest &= rest - 1)
        {
            ref var scheme = ref totals.Schemes[BitOperations.TrailingZeroCount(rest)];
            scheme.Skipped++;
            if (interrupt)
                scheme.Avoided++;
        }

        if (kick.Delivery != KickDelivery.Coalesced)
            return;
        for (var rest = kick.Alone & ~kick.Skip & _skips.All; rest != 0; rest &= rest - 1)
            totals.Schemes[BitOperations.TrailingZeroCount(rest)].Added++;
    }

    /// <summary>A kick whose way the trace does not show to the end: counted with what is known.</summary>
    private void CountIncomplete(Kick kick)
    {
        kick.InFlight = false;
        Count(kick);
    }

    /// <summary>
    /// An interrupt that nobody was seen to send: kernels without sender events, or sent before the trace began.
    /// </summary>
    private void CountUnattributed(CpuLife cpu, InterruptFrame frame, ulong time)
    {
        var verdict = frame.Cause == EntryCause.FunctionCall ? KickVerdict.Unknown : KickVerdict.NeverDeferrable;
        if (frame.Cause == EntryCause.IrqWork)
            return; // most are raised by the CPU itself, and kernels before 6.4 do not say
        foreach (var scope in _scopes.Of(frame.Scopes))
        {
            var totals = scope[cpu.Cpu];
            totals.Unattributed++;
            totals.Verdicts[(int)verdict]++;
            totals.InterruptVerdicts[(int)verdict]++;
            totals.Deliveries[(int)KickDelivery.Interrupt]++;
            // A function that nobody names may be one that a scheme serves: it widens the prediction.
            var hit = _skips.Mask(_skips.NoFunction, frame.Hit);
            for (var rest = verdict == KickVerdict.Unknown ? hit : 0; rest != 0; rest &= rest - 1)
            {
                ref var scheme = ref totals.Schemes[BitOperations.TrailingZeroCount(rest)];
                scheme.Skipped++;
                scheme.Avoided++;
            }
        }

        if ((frame.Scopes & 1) == 0 || !_reported[cpu.Cpu])
            return;
        var key = new SenderKey(0, 0, -1, frame.Cause);
        var sender = SenderOf(key);
        sender.Kicks++;
        sender.Interrupts++;
        sender.Verdicts[(int)verdict]++;
        sender.HitStates[(int)frame.Hit]++;
        sender.Targets.Add(cpu.Cpu);
        if (cpu.BracketOpen && cpu.BracketSender is null)
            cpu.BracketSender = key;
    }

    private SenderTotals SenderOf(SenderKey key)
    {
        if (_senders.Count >= MostSenders && !_senders.ContainsKey(key))
            return _otherSenders;
        return CollectionsMarshal.GetValueRefOrAddDefault(_senders, key, out _) ??= new SenderTotals();
    }

    private void Count(CpuLife cpu, Action<CpuTotals> add, ulong scopes)
    {
        foreach (var scope in _scopes.Of(scopes))
            add(scope[cpu.Cpu]);
    }

    private static KickDetail Detail(Kick kick, KickVerdict verdict) =>
        new()
        {
            QueueTime = kick.QueueTime,
            Sender = kick.Sender,
            Pid = kick.Pid,
            Target = kick.Target,
            Function = kick.Function,
            CallSite = kick.CallSite,
            Vector = kick.Vector,
            Delivery = kick.Delivery,
            SendState = kick.SendState,
            InterruptState = kick.Delivery == KickDelivery.Interrupt ? kick.InterruptState : null,
            ArrivalState = kick.Arrived ? kick.ArrivalState : null,
            ArrivalTime = kick.Arrived ? kick.ArrivalTime : null,
            RunTime = kick.Executed ? kick.RunTime : null,
            RunDuration = kick.DoneTime > kick.RunTime && kick.Executed ? kick.DoneTime - kick.RunTime : null,
            Verdict = verdict,
        };
}
