using Lazykick.Traces.Cpus;

namespace Lazykick.Traces.Kicks;

/// <summary>Kicks that are queued, of which no event has told yet whether an interrupt is sent.</summary>
internal sealed class UndecidedKicks(CpuTimeline[] cpus, KickQueue[] queues, KickLifecycle kicks)
{
    /// <summary>The newest undecided kick of a call to a CPU, which is no longer undecided; or null.</summary>
    public static Kick? Take(List<Kick> undecided, int target, ulong callSite)
    {
        for (var i = undecided.Count - 1; i >= 0; i--)
        {
            var kick = undecided[i];
            if (kick.Target != target || kick.CallSite != callSite)
                continue;
            undecided.RemoveAt(i);
            return kick;
        }

        return null;
    }

    /// <summary>No interrupt is sent for a kick.</summary>
    public void DecideWithoutInterrupt(List<Kick> undecided, int index)
    {
        var kick = undecided[index];
        undecided.RemoveAt(index);
        kick.Delivery = kick.FoundQueued ? KickDelivery.Coalesced : KickDelivery.WithoutInterrupt;
        if (kick.HasRun && !RunsNow(kick))
            kicks.Close(kick);
    }

    private bool RunsNow(Kick kick)
    {
        var queue = queues[kick.Target];
        for (var depth = 0; depth < cpus[kick.Target].Interrupts.Depth; depth++)
        {
            if (queue.RunAt(depth).Contains(kick))
                return true;
        }

        return false;
    }
}
