using Lazykick.Traces.Bytes;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>The layout of a sub-buffer, from the kernel's header_page file.</summary>
internal readonly record struct PageHeader(int PageSize)
{
    private const int Smallest = 1 << 12;
    private const int Largest = 1 << 16;

    /// <exception cref="TraceException">The kernel is not a 64-bit one, or the text is not a header_page.</exception>
    public static PageHeader Parse(ReadOnlySpan<byte> text, string file)
    {
        int? commitSize = null,
            dataOffset = null,
            dataSize = null;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (EventFormatParser.ParseField(text[range].Trim("\t "u8)) is not { } field)
                continue;
            if (field.Name == "commit")
                commitSize = field.Size;
            else if (field.Name == "data")
                (dataOffset, dataSize) = (field.Offset, field.Size);
        }

        if (commitSize is null || dataOffset is null || dataSize is null)
            throw new TraceException($"{file}: expected the fields commit and data of a ring-buffer page");
        if (commitSize == 4)
        {
            throw new TraceException(
                $"{file}: a 32-bit kernel made this trace (commit has 4 bytes); only 64-bit little-endian kernels are "
                    + "read"
            );
        }

        var size = dataOffset.Value + dataSize.Value;
        if (
            commitSize != 8
            || dataOffset != RingBufferCursor.HeaderBytes
            || size < Smallest
            || size > Largest
            || (size & (Smallest - 1)) != 0
        )
        {
            throw new TraceException(
                $"{file}: expected pages of 4 to 64 KiB with a header of {RingBufferCursor.HeaderBytes} bytes, found "
                    + $"data of {dataSize} bytes at {dataOffset}"
            );
        }

        return new PageHeader(size);
    }
}
