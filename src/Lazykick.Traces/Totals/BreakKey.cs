using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>What breaks are grouped by: the interrupt that came first, and what tells its cause.</summary>
/// <param name="Cause">The interrupt.</param>
/// <param name="Blamed">The sender of the kick that is charged with it; null for none.</param>
/// <param name="Irq">Number of the device's interrupt, or -1.</param>
internal readonly record struct BreakKey(EntryCause Cause, SenderKey? Blamed, int Irq)
{
    /// <summary>The function of a timer that ran, or 0.</summary>
    public ulong Timer { get; init; }

    /// <summary>What kept the tick going, a bit each, + 1; 0 where nothing tells.</summary>
    public int TickKeptBy { get; init; }

    /// <summary>The task that ran next; 0 for none.</summary>
    public int Next { get; init; }

    /// <summary>The same without what makes many, the tasks: for a table that is full.</summary>
    public BreakKey Coarse =>
        new(Cause, Blamed is { } sender ? new SenderKey(sender.Function, 0, -1, sender.Vector) : null, Irq)
        {
            Timer = Timer,
            TickKeptBy = TickKeptBy,
        };
}
