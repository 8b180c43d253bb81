using Lazykick.Traces.Containers;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>
/// Which events a trace has. A format says that the kernel knows an event, not that it was recorded: the first events
/// of each CPU are looked at.
/// </summary>
internal static class EventCensus
{
    private const int MostEvents = 20_000;

    /// <summary>Whether one of these events is among the first of any CPU.</summary>
    public static bool HasAny(TraceBuffer buffer, IEnumerable<EventFormat> formats)
    {
        var dispatch = new EventDispatch();
        var known = false;
        foreach (var format in formats)
        {
            dispatch.Set(format, 1);
            known = true;
        }

        return known && buffer.Cpus.Any(cpu => Has(buffer, cpu, dispatch));
    }

    private static bool Has(TraceBuffer buffer, int cpu, EventDispatch wanted)
    {
        var all = EventDispatch.CreateForAll();
        var cursor = buffer.OpenCpu(cpu, all);
        for (var seen = 0; seen < MostEvents && cursor.MoveNext(); seen++)
        {
            if (wanted[cursor.Id] != 0)
                return true;
        }

        return false;
    }
}
