using System.Runtime.CompilerServices;
using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Unpacking;

/// <summary>
/// LZMA2, decoded straight into the buffer that keeps the result: what came out is the dictionary, and nothing is
/// copied. After Igor Pavlov's specification of LZMA (public domain) and that of xz 1.2, section 5.3.1.
/// </summary>
internal sealed class Lzma2Decoder
{
    private const int States = 12;
    private const int MostPositions = 16;
    private const int IsMatch = 0;
    private const int IsRepeat = IsMatch + (States * MostPositions);
    private const int IsRepeat0 = IsRepeat + States;
    private const int IsRepeat1 = IsRepeat0 + States;
    private const int IsRepeat2 = IsRepeat1 + States;
    private const int IsLongRepeat0 = IsRepeat2 + States;
    private const int Slot = IsLongRepeat0 + (States * MostPositions);
    private const int Special = Slot + (4 * 64);
    private const int Align = Special + 128;
    private const int Lengths = Align + 16;
    private const int Low = 2;
    private const int Middle = Low + (MostPositions * 8);
    private const int High = Middle + (MostPositions * 8);
    private const int RepeatLengths = Lengths + High + 256;
    private const int Literals = RepeatLengths + High + 256;
    private const int LiteralSize = 0x300;
    private const int ShortestMatch = 2;
    private const uint Top = 1 << 24;
    private const int ModelBits = 11;
    private const int MoveBits = 5;
    private const ushort Even = 1 << (ModelBits - 1);

    private readonly ushort[] _odds = new ushort[Literals + (LiteralSize << 4)];
    private readonly uint[] _repeats = new uint[4];
    private int _state;
    private int _literalContext;
    private uint _literalMask;
    private uint _positionMask;

    /// <summary>Decodes all chunks.</summary>
    /// <param name="packed">The chunks with the byte 0 that ends them.</param>
    /// <param name="output">Gets exactly what they hold.</param>
    /// <exception cref="ImageException">They are damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, Span<byte> output)
    {
        var decoder = new Lzma2Decoder();
        int at = 0,
            to = 0,
            dictionary = -1;
        var hasProperties = false;
        while (packed[at] != 0)
        {
            int control = packed[at];
            var size = (packed[at + 1] << 8 | packed[at + 2]) + 1;
            if (control < 0x80)
            {
                dictionary = control == 1 ? to : dictionary;
                packed.Slice(at + 3, size).CopyTo(output[to..]);
                at += 3 + size;
                to += size;
                continue;
            }

            size += (control & 0x1f) << 16;
            var length = (packed[at + 3] << 8 | packed[at + 4]) + 1;
            at += 5;
            dictionary = control >= 0xe0 ? to : dictionary;
            if (control >= 0xc0)
            {
                decoder.Properties(packed[at]);
                at++;
                hasProperties = true;
            }

            if (control >= 0xa0)
            {
                decoder.Reset();
            }

            if (dictionary < 0 || !hasProperties)
            {
                throw Damaged(at);
            }

            decoder.Chunk(packed.Slice(at, length), output[dictionary..(to + size)], to - dictionary);
            at += length;
            to += size;
        }
    }

    private static ImageException Damaged(int at) => new(at, "the LZMA2 stream is damaged");

    private void Properties(byte value)
    {
        if (value >= 9 * 5 * 5)
        {
            throw Damaged(0);
        }

        _literalContext = value % 9;
        var positions = value / 9 % 5;
        if (_literalContext + positions > 4)
        {
            throw Damaged(0);
        }

        _literalMask = (1u << positions) - 1;
        _positionMask = (1u << (value / 45)) - 1;
    }

    private void Reset()
    {
        _odds.AsSpan().Fill(Even);
        Array.Clear(_repeats);
        _state = 0;
    }

    /// <summary>A chunk goes from a place in the output to its end; all before the place is the dictionary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Chunk(ReadOnlySpan<byte> packed, Span<byte> output, int to)
    {
        var odds = _odds;
        var state = _state;
        uint repeat0 = _repeats[0],
            repeat1 = _repeats[1],
            repeat2 = _repeats[2],
            repeat3 = _repeats[3];
        var range = uint.MaxValue;
        var code = (uint)(packed[1] << 24 | packed[2] << 16 | packed[3] << 8 | packed[4]);
        var at = 5;
        while (to < output.Length)
        {
            var position = (int)((uint)to & _positionMask);
            if (Bit(odds, IsMatch + (state << 4) + position, packed, ref at, ref range, ref code) == 0)
            {
                var before = to > 0 ? output[to - 1] : 0;
                var context =
                    Literals
                    + (
                        LiteralSize
                        * ((int)(((uint)to & _literalMask) << _literalContext) + (before >> (8 - _literalContext)))
                    );
                var symbol = 1;
                if (state >= 7)
                {
                    if (repeat0 >= (uint)to)
                    {
                        throw Damaged(at);
                    }

                    // After a match the byte that it would have continued with tells the odds, as long as it is right.
                    int expected = output[to - (int)repeat0 - 1];
                    var offset = 0x100;
                    while (symbol < 0x100)
                    {
                        expected <<= 1;
                        var match = expected & offset;
                        var bit = Bit(odds, context + offset + match + symbol, packed, ref at, ref range, ref code);
                        symbol = (symbol << 1) | bit;
                        offset &= bit != 0 ? match : ~match;
                    }
                }
                else
                {
                    while (symbol < 0x100)
                    {
                        symbol = (symbol << 1) | Bit(odds, context + symbol, packed, ref at, ref range, ref code);
                    }
                }

                output[to++] = (byte)symbol;
                state =
                    state < 4 ? 0
                    : state < 10 ? state - 3
                    : state - 6;
                continue;
            }

            int length;
            if (Bit(odds, IsRepeat + state, packed, ref at, ref range, ref code) == 0)
            {
                repeat3 = repeat2;
                repeat2 = repeat1;
                repeat1 = repeat0;
                (int Source, uint Range, uint Code) coder = (at, range, code);
                length = Length(odds, Lengths, position, packed, ref coder);
                state = state < 7 ? 7 : 10;
                repeat0 = Distance(odds, length, packed, ref coder);
                (at, range, code) = coder;
            }
            else
            {
                if (Bit(odds, IsRepeat0 + state, packed, ref at, ref range, ref code) == 0)
                {
                    if (Bit(odds, IsLongRepeat0 + (state << 4) + position, packed, ref at, ref range, ref code) == 0)
                    {
                        if (repeat0 >= (uint)to)
                        {
                            throw Damaged(at);
                        }

                        output[to] = output[to - (int)repeat0 - 1];
                        to++;
                        state = state < 7 ? 9 : 11;
                        continue;
                    }
                }
                else
                {
                    uint distance;
                    if (Bit(odds, IsRepeat1 + state, packed, ref at, ref range, ref code) == 0)
                    {
                        distance = repeat1;
                    }
                    else
                    {
                        if (Bit(odds, IsRepeat2 + state, packed, ref at, ref range, ref code) == 0)
                        {
                            distance = repeat2;
                        }
                        else
                        {
                            distance = repeat3;
                            repeat3 = repeat2;
                        }

                        repeat2 = repeat1;
                    }

                    repeat1 = repeat0;
                    repeat0 = distance;
                }

                (int Source, uint Range, uint Code) coder = (at, range, code);
                length = Length(odds, RepeatLengths, position, packed, ref coder);
                (at, range, code) = coder;
                state = state < 7 ? 8 : 11;
            }

            if (repeat0 >= (uint)to || length > output.Length - to)
            {
                throw Damaged(at);
            }

            Copy(output, to, (int)repeat0 + 1, length);
            to += length;
        }

        // The encoder flushes so that the last bytes leave nothing.
        Normalise(packed, ref at, ref range, ref code);
        if (code != 0 || at != packed.Length || packed[0] != 0)
        {
            throw Damaged(at);
        }

        _state = state;
        _repeats[0] = repeat0;
        _repeats[1] = repeat1;
        _repeats[2] = repeat2;
        _repeats[3] = repeat3;
    }

    private static void Copy(Span<byte> output, int to, int distance, int length)
    {
        if (distance >= length)
        {
            output.Slice(to - distance, length).CopyTo(output[to..]);
            return;
        }

        for (var i = 0; i < length; i++)
        {
            output[to + i] = output[to + i - distance];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Length(
        ushort[] odds,
        int lengths,
        int position,
        ReadOnlySpan<byte> packed,
        ref (int Source, uint Range, uint Code) coder
    )
    {
        // Copies: a local whose address is taken stays in memory, and the loop of the caller wants registers.
        var (at, range, code) = coder;
        int length;
        if (Bit(odds, lengths, packed, ref at, ref range, ref code) == 0)
        {
            length = Tree(odds, lengths + Low + (position << 3), 3, packed, ref at, ref range, ref code);
        }
        else if (Bit(odds, lengths + 1, packed, ref at, ref range, ref code) == 0)
        {
            length = 8 + Tree(odds, lengths + Middle + (position << 3), 3, packed, ref at, ref range, ref code);
        }
        else
        {
            length = 16 + Tree(odds, lengths + High, 8, packed, ref at, ref range, ref code);
        }

        coder = (at, range, code);
        return ShortestMatch + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Distance(
        ushort[] odds,
        int length,
        ReadOnlySpan<byte> packed,
        ref (int Source, uint Range, uint Code) coder
    )
    {
        var (at, range, code) = coder;
        var context = Math.Min(length - ShortestMatch, 3);
        var slot = Tree(odds, Slot + (context << 6), 6, packed, ref at, ref range, ref code);
        var distance = (uint)slot;
        if (slot >= 4)
        {
            var bits = (slot >> 1) - 1;
            distance = (uint)(2 | (slot & 1)) << bits;
            if (slot < 14)
            {
                var from = Special + (int)distance - slot - 1;
                distance += Reverse(odds, from, bits, packed, ref at, ref range, ref code);
            }
            else
            {
                uint direct = 0;
                for (var i = bits - 4; i > 0; i--)
                {
                    Normalise(packed, ref at, ref range, ref code);
                    range >>= 1;
                    code -= range;
                    var sign = 0 - (code >> 31);
                    code += range & sign;
                    direct = (direct << 1) + sign + 1;
                }

                distance += (direct << 4) + Reverse(odds, Align, 4, packed, ref at, ref range, ref code);
            }
        }

        coder = (at, range, code);
        return distance;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Tree(
        ushort[] odds,
        int from,
        int bits,
        ReadOnlySpan<byte> packed,
        ref int at,
        ref uint range,
        ref uint code
    )
    {
        var symbol = 1;
        for (var i = 0; i < bits; i++)
        {
            symbol = (symbol << 1) | Bit(odds, from + symbol, packed, ref at, ref range, ref code);
        }

        return symbol - (1 << bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Reverse(
        ushort[] odds,
        int from,
        int bits,
        ReadOnlySpan<byte> packed,
        ref int at,
        ref uint range,
        ref uint code
    )
    {
        var symbol = 1;
        uint result = 0;
        for (var i = 0; i < bits; i++)
        {
            var bit = Bit(odds, from + symbol, packed, ref at, ref range, ref code);
            symbol = (symbol << 1) | bit;
            result |= (uint)bit << i;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normalise(ReadOnlySpan<byte> packed, ref int at, ref uint range, ref uint code)
    {
        if (range < Top)
        {
            range <<= 8;
            code = (code << 8) | packed[at++];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(
        ushort[] odds,
        int index,
        ReadOnlySpan<byte> packed,
        ref int at,
        ref uint range,
        ref uint code
    )
    {
        Normalise(packed, ref at, ref range, ref code);
        uint odd = odds[index];
        var bound = (range >> ModelBits) * odd;
        if (code < bound)
        {
            range = bound;
            odds[index] = (ushort)(odd + (((1 << ModelBits) - odd) >> MoveBits));
            return 0;
        }

        range -= bound;
        code -= bound;
        odds[index] = (ushort)(odd - (odd >> MoveBits));
        return 1;
    }
}
