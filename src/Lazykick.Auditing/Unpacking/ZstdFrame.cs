using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Unpacking;

/// <summary>Where a zstd frame ends (RFC 8878, section 3.1.1): a bzImage appends the unpacked size to it.</summary>
internal static class ZstdFrame
{
    public static int Length(ByteView bytes, long offset)
    {
        var descriptor = bytes.U8(4);
        var isSingle = (descriptor & 0x20) != 0;
        var size = (descriptor >> 6) switch
        {
            0 => isSingle ? 1 : 0,
            1 => 2,
            2 => 4,
            _ => 8,
        };
        long at =
            5
            + (isSingle ? 0 : 1)
            + (
                (descriptor & 3) switch
                {
                    0 => 0,
                    1 => 1,
                    2 => 2,
                    _ => 4,
                }
            )
            + size;
        while (true)
        {
            var header = bytes.U16(at) | (bytes.U8(at + 2) << 16);
            at +=
                3
                + ((header >> 1) & 3) switch
                {
                    1 => 1,
                    3 => throw new ImageException(offset + at, "a zstd block of a reserved kind"),
                    _ => header >> 3,
                };
            if ((header & 1) != 0)
            {
                break;
            }
        }

        at += (descriptor & 4) != 0 ? 4 : 0;
        _ = bytes.Span(0, at);
        return (int)at;
    }
}
