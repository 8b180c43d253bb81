using Lazykick.Traces.Cpus;

namespace Lazykick.Traces.Kicks;

/// <summary>What the matcher tells to those that price and count.</summary>
internal interface IKickObserver
{
    /// <summary>A kick was asked for; it is not in its target's queue yet.</summary>
    void Asked(Kick kick, CpuTimeline target, KickQueue queue);

    /// <summary>The kick may have found another state of its target than the trace says.</summary>
    void Doubted(Kick kick);

    /// <summary>A kick is over: everything about it that the trace shows is known.</summary>
    void Over(Kick kick);

    /// <summary>An interrupt of a kick was sent and not seen to arrive before the end.</summary>
    void NotArrived(Kick kick);

    /// <summary>An IPI came that nobody was seen to send; it ran this function, or 0 where none was seen.</summary>
    void Unattributed(CpuTimeline target, InterruptFrame frame, ulong function);

    /// <summary>A reschedule kick that its target saw while it polled.</summary>
    void WokenWithoutInterrupt(int target);
}
