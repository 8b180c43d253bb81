using System.Buffers.Binary;
using Lazykick.Traces.Tests.Reading;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>The events of a CPU as pages of its ring buffer.</summary>
internal static class ScenarioPages
{
    public static byte[] Of(IEnumerable<(ulong Time, byte[] Payload)> events, Func<int, bool>? isLost = null)
    {
        var pages = new PageBuilder();
        var room = 0;
        var index = 0;
        foreach (var (time, payload) in events)
        {
            var lost = isLost?.Invoke(index++) == true;
            var words = (payload.Length + 3) / 4;
            var size = 8 + 8 + (4 * words);
            if (size > room || lost)
            {
                pages.Page(time, lost ? 5UL : null);
                room = 4000;
            }

            room -= size;
            pages.Absolute(time).Word(0).Word((uint)(4 + (4 * words)));
            var padded = new byte[4 * words];
            payload.CopyTo(padded, 0);
            for (var i = 0; i < words; i++)
                pages.Word(BinaryPrimitives.ReadUInt32LittleEndian(padded.AsSpan(4 * i)));
        }

        return pages.ToArray();
    }
}
