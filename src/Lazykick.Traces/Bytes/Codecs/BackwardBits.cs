using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// Bits of a zstd stream that is read from its end (RFC 8878, 3.1.1.3.2.1.1, 4.1): the highest set bit of the last byte
/// marks the start. Reading beyond the first bit gives zeros and makes
/// <see cref="Left"/> negative.
/// </summary>
internal ref struct BackwardBits
{
    private readonly ReadOnlySpan<byte> _bytes;

    private BackwardBits(ReadOnlySpan<byte> bytes, int left)
    {
        _bytes = bytes;
        Left = left;
    }

    /// <summary>Bits that were not read yet.</summary>
    public int Left { get; private set; }

    /// <returns>False where there is no byte or no mark.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out BackwardBits bits)
    {
        bits = default;
        if (bytes.IsEmpty || bytes[^1] == 0)
            return false;
        bits = new BackwardBits(bytes, ((bytes.Length - 1) * 8) + System.Numerics.BitOperations.Log2(bytes[^1]));
        return true;
    }

    /// <summary>The next bits, up to 56, without passing them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Peek(int count)
    {
        var from = Left - count;
        if (from >= 0 && (from >> 3) + 8 <= _bytes.Length)
        {
            return (uint)(
                (BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(from >> 3)..]) >> (from & 7)) & ((1UL << count) - 1)
            );
        }

        return PeekAtEdge(from, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count) => Left -= count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(int count)
    {
        var value = Peek(count);
        Left -= count;
        return value;
    }

    private readonly uint PeekAtEdge(int from, int count)
    {
        if (Left <= 0 || count == 0)
            return 0;
        var missing = Math.Max(0, -from);
        var start = Math.Max(0, from);
        ulong value = 0;
        for (var i = start >> 3; i < _bytes.Length && i < (start >> 3) + 8; i++)
            value |= (ulong)_bytes[i] << ((i - (start >> 3)) * 8);
        value = (value >> (start & 7)) & ((1UL << (count - missing)) - 1);
        return (uint)(value << missing);
    }
}
