namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>The literals section of a block (RFC 8878, 3.1.1.3.1).</summary>
internal sealed class ZstdLiterals
{
    private readonly byte[] _decoded = new byte[ZstdBlock.LargestContent];
    private readonly HuffmanTable _table = new();

    private enum Kind
    {
        Raw,
        Repeated,
        Compressed,
        Treeless,
    }

    /// <summary>Forgets the table at the start of a frame.</summary>
    public void Reset() => _table.Clear();

    public bool TryRead(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> literals, out int consumed)
    {
        literals = default;
        consumed = 0;
        if (input.IsEmpty)
            return false;
        var kind = (Kind)(input[0] & 3);
        return kind is Kind.Raw or Kind.Repeated
            ? TryReadPlain(kind, input, out literals, out consumed)
            : TryReadCompressed(kind, input, out literals, out consumed);
    }

    private bool TryReadPlain(Kind kind, ReadOnlySpan<byte> input, out ReadOnlySpan<byte> literals, out int consumed)
    {
        literals = default;
        consumed = 0;
        var head = ((input[0] >> 2) & 3) switch
        {
            1 => 2,
            3 => 3,
            _ => 1,
        };
        if (input.Length < head)
            return false;
        var size = head switch
        {
            1 => input[0] >> 3,
            2 => (input[0] >> 4) | (input[1] << 4),
            _ => (input[0] >> 4) | (input[1] << 4) | (input[2] << 12),
        };
        var stored = kind == Kind.Raw ? size : 1;
        if (size > _decoded.Length || input.Length - head < stored)
            return false;
        consumed = head + stored;
        if (kind == Kind.Raw)
        {
            literals = input.Slice(head, size);
        }
        else
        {
            _decoded.AsSpan(0, size).Fill(input[head]);
            literals = _decoded.AsSpan(0, size);
        }

        return true;
    }

    private bool TryReadCompressed(
        Kind kind,
        ReadOnlySpan<byte> input,
        out ReadOnlySpan<byte> literals,
        out int consumed
    )
    {
        literals = default;
        consumed = 0;
        var format = (input[0] >> 2) & 3;
        var head = format switch
        {
            2 => 4,
            3 => 5,
            _ => 3,
        };
        if (input.Length < head)
            return false;
        ulong sizes = 0;
        for (var i = 0; i < head; i++)
            sizes |= (ulong)input[i] << (8 * i);
        var width = format switch
        {
            2 => 14,
            3 => 18,
            _ => 10,
        };
        var size = (int)((sizes >> 4) & ((1UL << width) - 1));
        var stored = (int)((sizes >> (4 + width)) & ((1UL << width) - 1));
        if (size > _decoded.Length || input.Length - head < stored)
            return false;
        consumed = head + stored;
        var body = input.Slice(head, stored);
        if (kind == Kind.Compressed)
        {
            if (!_table.TryRead(body, out var used))
                return false;
            body = body[used..];
        }
        else if (!_table.IsSet)
        {
            return false;
        }

        var output = _decoded.AsSpan(0, size);
        literals = output;
        return format == 0 ? _table.TryDecode(body, output) : TryDecodeFour(body, output);
    }

    /// <summary>Four streams behind a table of the first three's sizes, each with a quarter of the literals.</summary>
    private bool TryDecodeFour(ReadOnlySpan<byte> body, Span<byte> output)
    {
        if (body.Length < 6)
            return false;
        var quarter = (output.Length + 3) / 4;
        var rest = body[6..];
        for (var i = 0; i < 4; i++)
        {
            var size = i < 3 ? body[2 * i] | (body[(2 * i) + 1] << 8) : rest.Length;
            var count = i < 3 ? quarter : output.Length;
            if (size > rest.Length || count > output.Length || !_table.TryDecode(rest[..size], output[..count]))
                return false;
            rest = rest[size..];
            output = output[count..];
        }

        return true;
    }
}
