using Lazykick.Traces.Containers;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>Events copied out of a reader, so that two readings can be compared.</summary>
internal static class EventList
{
    public sealed record Entry(
        ulong Timestamp,
        int Cpu,
        ushort Id,
        int Pid,
        byte Flags,
        byte PreemptCount,
        bool LostBefore,
        string Payload
    );

    /// <summary>Everything that a merged reader gives.</summary>
    /// <param name="buffer">The buffer to read.</param>
    /// <param name="payloadBytes">How much of each payload to keep: containers may pad records differently.</param>
    public static List<Entry> ReadAll(TraceBuffer buffer, Func<ushort, int>? payloadBytes = null)
    {
        var all = new List<Entry>();
        var reader = buffer.OpenReader(EventDispatch.CreateForAll());
        while (reader.TryRead(out var next))
        {
            var length = Math.Min(next.Payload.Length, payloadBytes?.Invoke(next.Id) ?? int.MaxValue);
            all.Add(
                new Entry(
                    next.Timestamp,
                    next.Cpu,
                    next.Id,
                    next.Pid,
                    next.Flags,
                    next.PreemptCount,
                    next.LostBefore,
                    Convert.ToHexString(next.Payload[..length])
                )
            );
        }

        return all;
    }
}
