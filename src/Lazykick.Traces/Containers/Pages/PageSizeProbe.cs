using System.Buffers.Binary;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>
/// Finds the size of the sub-buffers where the file's statements differ: the head of a file has the page size of the
/// machine, header_page that of the top buffer, and older recorders do not know that a buffer may have another.
/// </summary>
internal static class PageSizeProbe
{
    private const int PagesToLookAt = 8;

    /// <summary>
    /// The first candidate with which the start of the events makes sense; the first one at all where none does.
    /// </summary>
    /// <param name="start">The first bytes of the events of one CPU, at least <see cref="BytesNeeded"/> where there are
    /// so many.</param>
    /// <param name="candidates">Sizes in the order of trust; those that no kernel uses are passed over.</param>
    public static int Choose(ReadOnlySpan<byte> start, ReadOnlySpan<int> candidates)
    {
        var first = 0;
        foreach (var size in candidates)
        {
            if (size is < 4096 or > 65536 || (size & 4095) != 0)
                continue;
            if (first == 0)
                first = size;
            if (Fits(start, size))
                return size;
        }

        return first == 0 ? 4096 : first;
    }

    public static int BytesNeeded => PagesToLookAt * 65536;

    private static bool Fits(ReadOnlySpan<byte> start, int size)
    {
        ulong last = 0;
        for (var page = 0; page < PagesToLookAt && start.Length >= RingBufferCursor.HeaderBytes; page++)
        {
            var stamp = BinaryPrimitives.ReadUInt64LittleEndian(start);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(start[8..]) & ((1 << 27) - 1);
            if (length > (ulong)(size - RingBufferCursor.HeaderBytes) || (length > 0 && stamp < last))
                return false;
            if (length > 0)
                last = stamp;
            start = start[Math.Min(size, start.Length)..];
        }

        return true;
    }
}
