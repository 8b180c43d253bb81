using System.Numerics;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// A Huffman table of literals (RFC 8878, 4.2): looked up by the next bits, as many as the longest code has.
/// </summary>
internal sealed class HuffmanTable
{
    private const int LongestCode = 11;
    private const int MostSymbols = 256;

    private readonly byte[] _symbols = new byte[1 << LongestCode];
    private readonly byte[] _lengths = new byte[1 << LongestCode];
    private readonly FseTable _weightTable = new();
    private int _log;

    /// <summary>A table was read, so that later blocks may use it again.</summary>
    public bool IsSet => _log > 0;

    public void Clear() => _log = 0;

    /// <summary>Reads the description of a tree: weights, directly or through a state table.</summary>
    public bool TryRead(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        _log = 0;
        if (input.IsEmpty)
            return false;
        Span<byte> weights = stackalloc byte[MostSymbols];
        int head = input[0];
        int count;
        if (head >= 128)
        {
            count = head - 127;
            consumed = 1 + ((count + 1) / 2);
            if (consumed > input.Length)
                return false;
            for (var i = 0; i < count; i++)
                weights[i] = (byte)((i & 1) == 0 ? input[1 + (i / 2)] >> 4 : input[1 + (i / 2)] & 15);
        }
        else
        {
            consumed = 1 + head;
            if (consumed > input.Length || !TryReadWeights(input[1..consumed], weights, out count))
                return false;
        }

        return TryBuild(weights, count);
    }

    /// <summary>Decodes one stream to its end; it must have exactly as many symbols as the output takes.</summary>
    public bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!BackwardBits.TryOpen(input, out var bits))
            return false;
        var log = _log;
        for (var i = 0; i < output.Length; i++)
        {
            var code = bits.Peek(log);
            output[i] = _symbols[code];
            bits.Skip(_lengths[code]);
        }

        return bits.Left == 0;
    }

    /// <summary>Two states take turns until the bits run out.</summary>
    private bool TryReadWeights(ReadOnlySpan<byte> input, Span<byte> weights, out int count)
    {
        count = 0;
        if (
            !_weightTable.TryRead(input, 6, 16, out var consumed)
            || !BackwardBits.TryOpen(input[consumed..], out var bits)
        )
        {
            return false;
        }

        var first = bits.Read(_weightTable.Log);
        var second = bits.Read(_weightTable.Log);
        if (bits.Left < 0)
            return false;
        while (true)
        {
            // The last symbol of all has no weight of its own, so 255 is the most.
            if (count > MostSymbols - 3)
                return false;
            weights[count++] = _weightTable.SymbolOf(first);
            first = _weightTable.Next(first, ref bits);
            if (bits.Left < 0)
            {
                weights[count++] = _weightTable.SymbolOf(second);
                return true;
            }

            (first, second) = (second, first);
        }
    }

    private bool TryBuild(Span<byte> weights, int count)
    {
        var sum = 0u;
        for (var i = 0; i < count; i++)
        {
            if (weights[i] > LongestCode)
                return false;
            sum += weights[i] == 0 ? 0 : 1u << (weights[i] - 1);
        }

        // The last weight fills the sum up to a power of two.
        if (sum == 0 || count >= MostSymbols)
            return false;
        var log = BitOperations.Log2(sum) + 1;
        var missing = (1u << log) - sum;
        if (log > LongestCode || !BitOperations.IsPow2(missing))
            return false;
        weights[count++] = (byte)(BitOperations.Log2(missing) + 1);

        var at = 0;
        for (var weight = 1; weight <= log; weight++)
        {
            for (var symbol = 0; symbol < count; symbol++)
            {
                if (weights[symbol] != weight)
                    continue;
                var states = 1 << (weight - 1);
                _symbols.AsSpan(at, states).Fill((byte)symbol);
                _lengths.AsSpan(at, states).Fill((byte)(log + 1 - weight));
                at += states;
            }
        }

        _log = log;
        return at == 1 << log;
    }
}
