using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Symbols;

/// <summary>The 256 tokens that names of kallsyms are written in, and where they were found.</summary>
/// <param name="Start">Offset of kallsyms_token_table.</param>
/// <param name="IndexStart">Offset of kallsyms_token_index.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record KallsymsTokens(int Start, int IndexStart, string[] Tokens)
{
    private static readonly byte[] s_digits = "0\01\02\03\04\05\06\07\08\09\0"u8.ToArray();

    /// <summary>
    /// Finds them by the digits, which stand for themselves, and proves them by the index after them.
    /// </summary>
    public static KallsymsTokens? Find(ReadOnlySpan<byte> bytes)
    {
        var from = 0;
        while (from < bytes.Length)
        {
            var hit = bytes[from..].IndexOf(s_digits);
            if (hit < 0)
            {
                return null;
            }

            from += hit;
            if (At(bytes, from) is { } found)
            {
                return found;
            }

            from++;
        }

        return null;
    }

    private static KallsymsTokens? At(ReadOnlySpan<byte> bytes, int digits)
    {
        // Back over the 48 tokens before '0'. The first has no NUL before it that is certain, so a few starts are
        // tried.
        var start = digits;
        for (var token = 0; token < '0'; token++)
        {
            start--;
            var length = 0;
            while (start > 0 && bytes[start - 1] != 0 && length < 64)
            {
                start--;
                length++;
            }

            if (start <= 0 || length >= 64)
            {
                return null;
            }
        }

        var tokens = new string[256];
        var offsets = new int[256];
        var at = start;
        for (var token = 0; token < 256; token++)
        {
            var length = at < bytes.Length ? bytes[at..Math.Min(bytes.Length, at + 64)].IndexOf((byte)0) : -1;
            if (length < 0)
            {
                return null;
            }

            offsets[token] = at - start;
            tokens[token] = System.Text.Encoding.Latin1.GetString(bytes.Slice(at, length));
            at += length + 1;
        }

        for (var align = at; align <= at + 8 && align + 512 <= bytes.Length; align++)
        {
            if (align % 2 == 0 && Agrees(new ByteView(bytes.Slice(align, 512).ToArray()), offsets))
            {
                return new KallsymsTokens(start, align, tokens);
            }
        }

        return null;
    }

    private static bool Agrees(ByteView index, int[] offsets)
    {
        for (var token = 0; token < 256; token++)
        {
            if (index.U16(token * 2) != offsets[token])
            {
                return false;
            }
        }

        return true;
    }
}
