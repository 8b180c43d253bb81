namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// The sequences section of a block (RFC 8878, 3.1.1.3.2): literals to copy, then a match in what was decoded before.
/// </summary>
internal sealed class ZstdSequences
{
    private static readonly short[] DefaultLiteralLengths =
    [
        4,
        3,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        1,
        1,
        1,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        2,
        3,
        2,
        1,
        1,
        1,
        1,
        1,
        -1,
        -1,
        -1,
        -1,
    ];

    private static readonly short[] DefaultMatchLengths =
    [
        1,
        4,
        3,
        2,
        2,
        2,
        2,
        2,
        2,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        -1,
        -1,
        -1,
        -1,
        -1,
        -1,
        -1,
    ];

    private static readonly short[] DefaultOffsets =
    [
        1,
        1,
        1,
        1,
        1,
        1,
        2,
        2,
        2,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        -1,
        -1,
        -1,
        -1,
        -1,
    ];

    private static readonly int[] LiteralBases =
    [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
        18,
        20,
        22,
        24,
        28,
        32,
        40,
        48,
        64,
        128,
        256,
        512,
        1024,
        2048,
        4096,
        8192,
        16384,
        32768,
        65536,
    ];

    private static readonly byte[] LiteralBits =
    [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        1,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
    ];

    private static readonly int[] MatchBases =
    [
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
        17,
        18,
        19,
        20,
        21,
        22,
        23,
        24,
        25,
        26,
        27,
        28,
        29,
        30,
        31,
        32,
        33,
        34,
        35,
        37,
        39,
        41,
        43,
        47,
        51,
        59,
        67,
        83,
        99,
        131,
        259,
        515,
        1027,
        2051,
        4099,
        8195,
        16387,
        32771,
        65539,
    ];

    private static readonly byte[] MatchBits =
    [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        1,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        5,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
    ];

    private const int MostOffsetCodes = 32;

    private readonly Coder _literalLengths = new(DefaultLiteralLengths, 6, 9, LiteralBases.Length);
    private readonly Coder _offsets = new(DefaultOffsets, 5, 8, MostOffsetCodes);
    private readonly Coder _matchLengths = new(DefaultMatchLengths, 6, 9, MatchBases.Length);
    private readonly int[] _recent = new int[3];

    /// <summary>Forgets tables and recent offsets at the start of a frame.</summary>
    public void Reset()
    {
        _literalLengths.Reset();
        _offsets.Reset();
        _matchLengths.Reset();
        (_recent[0], _recent[1], _recent[2]) = (1, 4, 8);
    }

    /// <summary>Decodes the section and writes the block's content behind what is in the output already.</summary>
    /// <param name="input">The whole section.</param>
    /// <param name="literals">The literals of the block.</param>
    /// <param name="output">The content; matches reach back into what stands before
    /// <paramref name="position"/>.</param>
    /// <param name="position">Where to write; moved on.</param>
    /// <param name="end">Where the largest possible block ends.</param>
    public bool TryRun(
        ReadOnlySpan<byte> input,
        ReadOnlySpan<byte> literals,
        Span<byte> output,
        ref int position,
        int end
    )
    {
        if (!TryReadCount(ref input, out var count))
            return false;
        if (count > 0 && !TryRunAll(input, count, ref literals, output, ref position, end))
            return false;
        if ((count == 0 && !input.IsEmpty) || literals.Length > end - position)
            return false;
        literals.CopyTo(output[position..]);
        position += literals.Length;
        return true;
    }

    private static bool TryReadCount(ref ReadOnlySpan<byte> input, out int count)
    {
        count = 0;
        if (input.IsEmpty)
            return false;
        var head = input[0] switch
        {
            < 128 => 1,
            < 255 => 2,
            _ => 3,
        };
        if (input.Length < head)
            return false;
        count = head switch
        {
            1 => input[0],
            2 => ((input[0] - 128) << 8) + input[1],
            _ => input[1] + (input[2] << 8) + 0x7F00,
        };
        input = input[head..];
        return true;
    }

    private bool TryRunAll(
        ReadOnlySpan<byte> input,
        int count,
        ref ReadOnlySpan<byte> literals,
        Span<byte> output,
        ref int position,
        int end
    )
    {
        if (input.IsEmpty || (input[0] & 3) != 0)
            return false;
        int modes = input[0];
        input = input[1..];
        if (
            !_literalLengths.TryChoose(modes >> 6, ref input)
            || !_offsets.TryChoose((modes >> 4) & 3, ref input)
            || !_matchLengths.TryChoose((modes >> 2) & 3, ref input)
        )
        {
            return false;
        }

        if (!BackwardBits.TryOpen(input, out var bits))
            return false;

        var (literalTable, offsetTable, matchTable) = (_literalLengths.Table, _offsets.Table, _matchLengths.Table);
        var literalState = bits.Read(literalTable.Log);
        var offsetState = bits.Read(offsetTable.Log);
        var matchState = bits.Read(matchTable.Log);
        for (var i = 0; i < count; i++)
        {
            int offsetCode = offsetTable.SymbolOf(offsetState);
            int matchCode = matchTable.SymbolOf(matchState);
            int literalCode = literalTable.SymbolOf(literalState);
            var offsetValue = (1L << offsetCode) + bits.Read(offsetCode);
            var matchLength = MatchBases[matchCode] + (int)bits.Read(MatchBits[matchCode]);
            var literalLength = LiteralBases[literalCode] + (int)bits.Read(LiteralBits[literalCode]);
            if (i < count - 1)
            {
                literalState = literalTable.Next(literalState, ref bits);
                matchState = matchTable.Next(matchState, ref bits);
                offsetState = offsetTable.Next(offsetState, ref bits);
            }

            if (bits.Left < 0 || literalLength > literals.Length || literalLength > end - position)
                return false;
            literals[..literalLength].CopyTo(output[position..]);
            literals = literals[literalLength..];
            position += literalLength;

            var offset = ResolveOffset(offsetValue, literalLength);
            if (offset <= 0 || offset > position || matchLength > end - position)
                return false;
            CopyMatch(output, position, (int)offset, matchLength);
            position += matchLength;
        }

        return bits.Left == 0;
    }

    /// <summary>
    /// Values up to 3 mean one of the three last offsets, shifted by one where there are no literals in between.
    /// </summary>
    private long ResolveOffset(long value, int literalLength)
    {
        if (value > 3)
        {
            if (value - 3 > int.MaxValue)
                return 0;
            (_recent[2], _recent[1], _recent[0]) = (_recent[1], _recent[0], (int)(value - 3));
            return value - 3;
        }

        var index = (int)value - (literalLength == 0 ? 0 : 1);
        if (index == 0)
            return _recent[0];
        var offset = index == 3 ? _recent[0] - 1 : _recent[index];
        if (index > 1)
            _recent[2] = _recent[1];
        _recent[1] = _recent[0];
        _recent[0] = offset;
        return offset;
    }

    private static void CopyMatch(Span<byte> output, int position, int offset, int length)
    {
        if (offset >= length)
        {
            output.Slice(position - offset, length).CopyTo(output[position..]);
            return;
        }

        // The match overlaps itself: it repeats what it writes.
        for (var i = 0; i < length; i++)
            output[position + i] = output[position - offset + i];
    }

    /// <summary>The table of one of the three codes, and how a block chooses it.</summary>
    private sealed class Coder(short[] defaults, int defaultLog, int largestLog, int symbols)
    {
        private readonly FseTable _default = Build(defaults, defaultLog);
        private readonly FseTable _own = new();
        private bool _isSet;

        public FseTable Table { get; private set; } = new();

        public void Reset() => _isSet = false;

        public bool TryChoose(int mode, ref ReadOnlySpan<byte> input)
        {
            switch (mode)
            {
                case 0:
                    Table = _default;
                    break;
                case 1:
                    if (input.IsEmpty || input[0] >= symbols)
                        return false;
                    _own.SetSingle(input[0]);
                    Table = _own;
                    input = input[1..];
                    break;
                case 2:
                    if (!_own.TryRead(input, largestLog, symbols, out var consumed))
                        return false;
                    Table = _own;
                    input = input[consumed..];
                    break;
                default:
                    return _isSet;
            }

            _isSet = true;
            return true;
        }

        private static FseTable Build(short[] counts, int log)
        {
            var table = new FseTable();
            _ = table.TryBuild(counts, log);
            return table;
        }
    }
}
