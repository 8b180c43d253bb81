using System.Numerics;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// A decoding table of finite state entropy (RFC 8878, 4.1): for each state a symbol, and how to get to the next state.
/// </summary>
internal sealed class FseTable
{
    private const int LargestLog = 9;
    private const int MostSymbols = 256;

    private readonly Entry[] _entries = new Entry[1 << LargestLog];

    /// <summary>Bits of a state.</summary>
    public int Log { get; private set; }

    /// <summary>What a state stands for.</summary>
    public byte SymbolOf(uint state) => _entries[state].Symbol;

    public uint Next(uint state, ref BackwardBits bits)
    {
        var entry = _entries[state];
        return entry.Base + bits.Read(entry.Bits);
    }

    /// <summary>The table of one symbol that takes no bits.</summary>
    public void SetSingle(byte symbol)
    {
        Log = 0;
        _entries[0] = new Entry(symbol, 0, 0);
    }

    /// <summary>Reads the description of a table.</summary>
    /// <param name="input">Begins with the description.</param>
    /// <param name="largestLog">The most bits that the use of the table allows.</param>
    /// <param name="mostSymbols">The most symbols that the use of the table allows.</param>
    /// <param name="consumed">Bytes of the description.</param>
    public bool TryRead(ReadOnlySpan<byte> input, int largestLog, int mostSymbols, out int consumed)
    {
        consumed = 0;
        if (input.IsEmpty)
            return false;
        var log = (input[0] & 15) + 5;
        if (log > largestLog)
            return false;
        Span<short> counts = stackalloc short[MostSymbols];
        var symbols = 0;
        var bit = 4;
        var remaining = 1 << log;
        while (remaining > 0)
        {
            if (symbols >= mostSymbols || bit > input.Length * 8)
                return false;
            var width = BitOperations.Log2((uint)(remaining + 1)) + 1;
            var value = ReadForward(input, bit, width);
            bit += width;
            var lowMask = (1 << (width - 1)) - 1;
            var threshold = (1 << width) - 1 - (remaining + 1);
            if ((value & lowMask) < threshold)
            {
                bit--;
                value &= lowMask;
            }
            else if (value > lowMask)
            {
                value -= threshold;
            }

            // 0 stands for "less than 1", which takes one state.
            var count = value - 1;
            remaining -= Math.Abs(count);
            counts[symbols++] = (short)count;
            if (count == 0 && !SkipZeros(input, ref bit, ref symbols, mostSymbols))
                return false;
        }

        consumed = (bit + 7) / 8;
        return remaining == 0 && consumed <= input.Length && TryBuild(counts[..symbols], log);
    }

    /// <summary>Spreads symbols over the states by their counts; -1 is a symbol of a probability below one.</summary>
    public bool TryBuild(ReadOnlySpan<short> counts, int log)
    {
        Log = log;
        var size = 1 << log;
        var high = size;
        Span<ushort> next = stackalloc ushort[MostSymbols];
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] != -1)
                continue;
            if (high == 0)
                return false;
            _entries[--high].Symbol = (byte)symbol;
            next[symbol] = 1;
        }

        var step = (size >> 1) + (size >> 3) + 3;
        var position = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] <= 0)
                continue;
            next[symbol] = (ushort)counts[symbol];
            for (var i = 0; i < counts[symbol]; i++)
            {
                _entries[position].Symbol = (byte)symbol;
                do position = (position + step) & (size - 1);
                while (position >= high);
            }
        }

        if (position != 0)
            return false;
        for (var state = 0; state < size; state++)
        {
            var count = next[_entries[state].Symbol]++;
            var bits = log - BitOperations.Log2(count);
            _entries[state].Bits = (byte)bits;
            _entries[state].Base = (ushort)((count << bits) - size);
        }

        return true;
    }

    private static bool SkipZeros(ReadOnlySpan<byte> input, ref int bit, ref int symbols, int mostSymbols)
    {
        while (bit <= input.Length * 8)
        {
            var repeat = ReadForward(input, bit, 2);
            bit += 2;
            symbols += repeat;
            if (symbols > mostSymbols)
                return false;
            if (repeat < 3)
                return true;
        }

        return false;
    }

    private static int ReadForward(ReadOnlySpan<byte> input, int bit, int count)
    {
        var value = 0;
        for (var i = 0; i < 3; i++)
        {
            var at = (bit >> 3) + i;
            if (at < input.Length)
                value |= input[at] << (8 * i);
        }

        return (value >> (bit & 7)) & ((1 << count) - 1);
    }

    private struct Entry(byte symbol, byte bits, ushort @base)
    {
        public byte Symbol = symbol;
        public byte Bits = bits;
        public ushort Base = @base;
    }
}
