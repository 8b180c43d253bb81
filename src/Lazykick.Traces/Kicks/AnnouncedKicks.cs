using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>
/// Kicks that kprobes at senders tell before anything is queued. Whether the target is queued for (its condition), and
/// gets an interrupt (its queue is empty), is decided afterwards.
/// </summary>
/// <param name="queues">The queues of all CPUs, by number.</param>
/// <param name="kicks">What happens to each kick.</param>
/// <param name="functions">Classes of functions.</param>
/// <param name="tellsSends">Beside kicks that kprobes tell, the interrupts sent for them are told.</param>
internal sealed class AnnouncedKicks(
    KickQueue[] queues,
    KickLifecycle kicks,
    FunctionResolver functions,
    bool tellsSends
)
{
    /// <summary>A kprobe told a kick.</summary>
    public void Announce(int sender, in CpuRecord record, ulong time)
    {
        if (!kicks.TryTarget(record, out var target))
            return;
        var from = queues[sender];
        if (from.Announced.Count == 0 || from.Announced[0].QueueTime != time)
        {
            Withdraw(from);
            from.Told.Clear();
        }

        var notes = (ProbeNotes)record.Detail;
        var kick = kicks.New(sender, record, target, time, time);
        kick.Function = record.A;
        kick.Class = functions.FindSilent(record.A, notes.HasFlag(ProbeNotes.Wake));
        // Any number but 0, which csd events never have: no event names the csd.
        kick.Csd = 1;
        kick.Vector = EntryCause.FunctionCall;
        kick.FoundQueued = queues[target].Outstanding.Count > 0;
        kick.IsConditional = notes.HasFlag(ProbeNotes.Conditional);
        if (notes.HasFlag(ProbeNotes.Wake))
            kick.Woken = from.Waking;
        if (tellsSends)
        {
            from.Announced.Add(kick);
            from.Told.Add(kick);
            from.IsTold = true;
            return;
        }

        Admit(kick);
        if (kick.FoundQueued)
            kick.Delivery = KickDelivery.Coalesced;
        else
            kicks.Dispatch(kick, SendNotes.None);
    }

    /// <summary>The announced kick to a CPU, which is no longer announced; or null.</summary>
    public static Kick? Take(KickQueue from, int target)
    {
        var index = from.Announced.FindIndex(kick => kick.Target == target);
        if (index < 0)
            return null;
        var kick = from.Announced[index];
        from.Announced.RemoveAt(index);
        return kick;
    }

    /// <summary>
    /// No interrupt was sent to the CPUs that are left: they have work queued already, on which the kick rides, or did
    /// not need it.
    /// </summary>
    public void Withdraw(KickQueue from)
    {
        foreach (var kick in from.Announced)
        {
            if (!kick.FoundQueued || kick.IsConditional || queues[kick.Target].Outstanding.Count == 0)
                continue;
            Admit(kick);
            kick.Delivery = KickDelivery.Coalesced;
        }

        from.Announced.Clear();
    }

    /// <summary>A kick that a kprobe told was really asked for.</summary>
    public void Admit(Kick kick)
    {
        kicks.Ask(kick, kick.Class, kick.QueueTime);
        kicks.Enqueue(queues[kick.Target].Outstanding, kick);
    }
}
