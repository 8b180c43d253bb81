using System.IO.Hashing;
using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Unpacking;

/// <summary>
/// The xz container (its specification 1.2) as kernels use it: one stream of blocks, LZMA2 with or without the x86
/// filter.
/// </summary>
internal static class XzReader
{
    private const int Header = 12;

    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed, int most)
    {
        var view = new ByteView(packed);
        var check = view.U8(7) & 15;
        var result = new byte[Math.Min(most, 80 << 20)];
        var length = 0;
        long at = Header;
        while (view.U8(at) != 0)
        {
            at = Block(view, at, check, ref result, ref length, most);
        }

        return result.AsMemory(0, length);
    }

    private static long Block(ByteView view, long at, int check, ref byte[] result, ref int length, int most)
    {
        var size = (view.U8(at) + 1) * 4;
        var head = view.Slice(at, size);
        if (Crc32.HashToUInt32(head.Span(0, size - 4)) != head.U32(size - 4))
        {
            throw new ImageException(at, "the header of an xz block is damaged");
        }

        var flags = head.U8(1);
        long field = 2;
        var packedSize = (flags & 0x40) != 0 ? Number(head, ref field) : -1;
        var unpackedSize = (flags & 0x80) != 0 ? Number(head, ref field) : -1;
        var isX86 = false;
        for (var filter = 0; filter <= (flags & 3); filter++)
        {
            var id = Number(head, ref field);
            var properties = Number(head, ref field);
            switch (id)
            {
                case 0x21 when properties == 1:
                    // The dictionary is what came out already: its size does not matter.
                    break;
                case 4 when properties == 0:
                    isX86 = true;
                    break;
                default:
                    throw new ImageException(
                        at,
                        $"xz filter {id} is not known here: unpack the kernel with xz and give vmlinux"
                    );
            }

            field += properties;
        }

        if (unpackedSize > most - length)
        {
            throw new ImageException(at, $"more than {most:N0} bytes come out");
        }

        var body = at + size;
        var chunks = Chunks(view, body, out var total);
        if ((packedSize >= 0 && packedSize != chunks) || total > most - length)
        {
            throw new ImageException(
                body,
                total > most - length
                    ? $"more than {most:N0} bytes come out"
                    : "the xz block's size is not that of its chunks"
            );
        }

        if (result.Length < length + total)
        {
            Array.Resize(ref result, (int)(length + total));
        }

        var output = result.AsSpan(length, (int)total);
        Lzma2Decoder.Decode(view.Span(body, chunks), output);
        if (isX86)
        {
            X86Filter.Decode(output);
        }

        var padded = (body + chunks + 3) / 4 * 4;
        if (check == 1 && Crc32.HashToUInt32(output) != view.U32(padded))
        {
            throw new ImageException(body, "the xz block's checksum does not agree");
        }

        length += (int)total;
        return padded
            + (
                check switch
                {
                    0 => 0,
                    1 => 4,
                    4 => 8,
                    10 => 32,
                    _ => throw new ImageException(7, $"xz check {check} is not known"),
                }
            );
    }

    /// <summary>The chunks of LZMA2 give their sizes, so that nothing is decoded that would not fit.</summary>
    private static long Chunks(ByteView view, long at, out long total)
    {
        var from = at;
        total = 0;
        while (true)
        {
            var control = view.U8(at);
            if (control == 0)
            {
                return at + 1 - from;
            }

            if (control >= 0x80)
            {
                total += (((control & 0x1f) << 16) | (view.U8(at + 1) << 8) | view.U8(at + 2)) + 1;
                at += ((view.U8(at + 3) << 8) | view.U8(at + 4)) + 1 + (control >= 0xc0 ? 6 : 5);
            }
            else if (control <= 2)
            {
                var raw = ((view.U8(at + 1) << 8) | view.U8(at + 2)) + 1;
                total += raw;
                at += raw + 3;
            }
            else
            {
                throw new ImageException(at, "no chunk of LZMA2 begins here");
            }
        }
    }

    private static long Number(ByteView view, ref long at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var b = view.U8(at++);
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return (long)value;
            }
        }

        throw new ImageException(at, "an xz number of more than 63 bits");
    }
}
