using System.Buffers.Binary;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>
/// Damage of the kinds that files get: flipped bits, wild numbers, pieces cut out, doubled, overwritten, the end
/// missing.
/// </summary>
internal static class Mutation
{
    private static readonly ulong[] Wild =
    [
        0,
        1,
        3,
        0x7F,
        0x80,
        0xFF,
        0xFFF,
        0x1000,
        0x7FFF,
        0xFFFF,
        0x10000,
        0x7FFFFFFF,
        0x80000000,
        0xFFFFFFFF,
        0x7FFFFFFFFFFFFFFF,
        0x8000000000000000,
        ulong.MaxValue,
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="good">The original.</param>
    /// <param name="random">Decides what happens where.</param>
    /// <param name="hot">Part of the original in which most of the damage shall be, because decisions are made
    /// there.</param>
    public static byte[] Of(ReadOnlySpan<byte> good, Random random, Range? hot = null)
    {
        var bytes = good.ToArray();
        var (start, length) = (hot ?? ..).GetOffsetAndLength(bytes.Length);
        for (var i = 1 + random.Next(4); i > 0 && bytes.Length > 0; i--)
        {
            if (random.Next(4) == 0)
                (start, length) = (0, bytes.Length);
            length = Math.Min(length, bytes.Length - start);
            if (length <= 0)
                (start, length) = (0, bytes.Length);
            var at = start + random.Next(length);
            switch (random.Next(8))
            {
                case 0 or 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3 or 4:
                    WriteNumber(
                        bytes,
                        at & ~((1 << random.Next(4)) - 1),
                        Wild[random.Next(Wild.Length)],
                        1 << random.Next(4)
                    );
                    break;
                case 5:
                    var size = random.Next(Math.Min(64, bytes.Length - at)) + 1;
                    bytes =
                        random.Next(2) == 0
                            ? [.. bytes[..at], .. bytes[(at + size)..]]
                            : [.. bytes[..(at + size)], .. bytes[at..]];
                    break;
                case 6:
                    var from = random.Next(bytes.Length);
                    var count = Math.Min(random.Next(256), Math.Min(bytes.Length - from, bytes.Length - at));
                    bytes.AsSpan(from, count).CopyTo(bytes.AsSpan(at));
                    break;
                default:
                    if (random.Next(4) == 0)
                        bytes = bytes[..at];
                    break;
            }
        }

        return bytes;
    }

    private static void WriteNumber(byte[] bytes, int at, ulong value, int size)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        number[..Math.Min(size, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
    }
}
