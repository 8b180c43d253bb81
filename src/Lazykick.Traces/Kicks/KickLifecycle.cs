using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>What happens to one kick, whoever tells it: it is asked for, queued, sent as an interrupt, over.</summary>
/// <param name="cpus">The timelines of all CPUs, by number.</param>
/// <param name="queues">Their queues.</param>
/// <param name="observer">Who is told.</param>
/// <param name="slack">State events lie up to this far outside the change that they tell.</param>
internal sealed class KickLifecycle(CpuTimeline[] cpus, KickQueue[] queues, IKickObserver observer, ulong slack)
{
    /// <summary>Time of the first event: the state before is inferred, not told by an event.</summary>
    public ulong Start { get; set; }

    /// <summary>Records that name a CPU that the trace does not have.</summary>
    public long StrangeTargets { get; private set; }

    /// <summary>The CPU that a record names as its target, if the trace has it.</summary>
    public bool TryTarget(in CpuRecord record, out int target)
    {
        target = record.Other;
        if (target < cpus.Length)
            return true;
        StrangeTargets++;
        return false;
    }

    /// <summary>A kick of a known class is asked for.</summary>
    public void Ask(Kick kick, FunctionClass function, ulong time)
    {
        kick.Class = function;
        var target = cpus[kick.Target];
        // The event that tells the entry into such a state comes up to the slack before the change.
        kick.IsDoubtful =
            target.State.IsOutsideKernel() && target.Since > Start && time - Math.Min(time, target.Since) < slack;
        observer.Asked(kick, target, queues[kick.Target]);
    }

    /// <summary>An interrupt is sent for a kick.</summary>
    public void Dispatch(Kick kick, SendNotes notes)
    {
        kick.Delivery = KickDelivery.Interrupt;
        kick.Form = notes.HasFlag(SendNotes.Many) ? VectorForm.Many : VectorForm.Single;
        kick.IsInFlight = true;
        // What ran already (the target emptied its queue by itself) still gets its interrupt.
        Enqueue(queues[kick.Target].InFlight, kick);
    }

    /// <summary>A kick as its sender's event tells it.</summary>
    public Kick New(int sender, in CpuRecord record, int target, ulong time, ulong asked)
    {
        var cpu = cpus[target];
        cpu.Advance(time);
        return new Kick
        {
            QueueTime = time,
            SampleTime = asked,
            CallSite = record.B,
            Pid = record.Pid,
            Call = cpus[sender].CallOf(record),
            Sender = sender,
            Target = target,
            SendState = cpu.State,
            ExitsAtSend = cpu.Exits,
        };
    }

    /// <summary>Events of a sender tell kicks: a call stack that follows belongs to them.</summary>
    public static void Tell(KickQueue from, Kick kick, bool isLast)
    {
        if (from.IsTold)
            from.Told.Clear();
        from.Told.Add(kick);
        from.IsTold = isLast;
    }

    /// <summary>Adds a kick to a list of a queue; the oldest one may have to give way.</summary>
    public void Enqueue(List<Kick> list, Kick kick)
    {
        if (KickQueue.Enqueue(list, kick) is { } oldest)
            End(oldest);
    }

    /// <summary>A kick whose way the trace does not show to the end is over with what is known.</summary>
    public void End(Kick kick)
    {
        kick.IsInFlight = false;
        Close(kick);
    }

    /// <summary>A kick is over.</summary>
    public void Close(Kick kick)
    {
        if (kick.IsOver)
            return;
        kick.IsOver = true;
        observer.Over(kick);
    }
}
