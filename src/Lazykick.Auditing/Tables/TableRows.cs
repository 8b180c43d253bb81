using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Tables;

/// <summary>What a row of each table looks like, for images that name no data.</summary>
internal sealed class TableRows(AddressSpace space, SymbolTable symbols, SectionMap sections)
{
    private const int MaxName = 128;
    private const int MaxDistance = 1 << 28;

    /// <summary>A row of __jump_table.</summary>
    public bool IsJump(ByteView bytes, long at, ulong address)
    {
        var here = address + (ulong)at;
        ulong site = Relative(here, bytes.S32(at)),
            target = Relative(here + 4, bytes.S32(at + 4));
        return site % 4 == 0
            && target % 4 == 0
            && IsText(site)
            && IsText(target)
            && site - target + (1 << 20) < 2 << 20
            && here + 8 + bytes.U64(at + 8) is var key
            && key - here + (1UL << 28) < 1UL << 29
            && !IsText(key);
    }

    /// <summary>A row of __mcount_loc: a function, 4 bytes into one (after bti), or 8 before one.</summary>
    public bool IsTraced(ByteView bytes, long at, ulong address)
    {
        var place = bytes.U64(at);
        return IsText(place) && (symbols.IsStart(place) || symbols.IsStart(place + 8) || symbols.IsStart(place - 4));
    }

    /// <summary>A row of arm64's .altinstructions.</summary>
    public bool IsArmAlternative(ByteView bytes, long at, ulong address)
    {
        var here = address + (ulong)at;
        int length = bytes.U8(at + 10),
            other = bytes.U8(at + 11);
        return length is > 0 and < 200
            && length % 4 == 0
            && (other == length || other == 0)
            && (bytes.U16(at + 8) & 0x7fff) < 256
            && IsText(Relative(here, bytes.S32(at)))
            && IsText(Relative(here + 4, bytes.S32(at + 4)));
    }

    /// <summary>A row of _kprobe_blacklist: a function.</summary>
    public bool IsFunction(ByteView bytes, long at, ulong address) =>
        bytes.U64(at) is var place && IsText(place) && symbols.IsStart(place);

    /// <summary>A row of __ksymtab: something of the image, and its name.</summary>
    public bool IsExport(ByteView bytes, long at, ulong address)
    {
        var here = address + (ulong)at;
        int value = bytes.S32(at),
            name = bytes.S32(at + 4);
        if (value == 0 || name == 0 || Math.Abs((long)value) > MaxDistance)
        {
            return false;
        }

        var text = space.At(Relative(here + 4, name));
        var length = text[..Math.Min(text.Length, MaxName)].IndexOf((byte)0);
        if (length < 2)
        {
            return false;
        }

        foreach (var letter in text[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter != (byte)'_')
            {
                return false;
            }
        }

        return !char.IsAsciiDigit((char)text[0]);
    }

    private bool IsText(ulong address) => sections.Text.Contains(address) || sections.Init.Contains(address);

    /// <summary>The address that a relative word names.</summary>
    public static ulong Relative(ulong place, int distance) => place + (ulong)(long)distance;
}
