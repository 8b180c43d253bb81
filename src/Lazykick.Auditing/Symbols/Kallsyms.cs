using System.Buffers.Binary;
using System.Text;

namespace Lazykick.Auditing.Symbols;

/// <summary>
/// The symbols that a kernel carries for itself (scripts/kallsyms.c), in the four layouts from 6.1 to 7.3: offsets
/// before or after the names, relative to a base (with per-CPU symbols absolute, or not), or relative to their own
/// place.
/// </summary>
public static class Kallsyms
{
    /// <summary>Most symbols that are read; a kernel has some 250,000.</summary>
    public const int MaxSymbols = 2_000_000;

    /// <summary>Finds and reads the tables.</summary>
    /// <param name="bytes">A section, or the whole image.</param>
    /// <param name="address">The address of the first byte; a link address that is not known may be 0: symbols are then
    /// relative to it.</param>
    /// <param name="baseOf">The base, given the offset of its slot, where the slot holds 0 until the kernel relocates
    /// itself.</param>
    /// <returns>The symbols and which layout they had, or null where none were found.</returns>
    public static (List<Symbol> Symbols, string Layout)? Read(
        ReadOnlySpan<byte> bytes,
        ulong address,
        Func<int, ulong?>? baseOf = null
    )
    {
        if (
            KallsymsTokens.Find(bytes) is not { } tokens
            || Markers(bytes, tokens.Start) is not { } markers
            || FindNames(bytes, markers) is not { } names
        )
        {
            return null;
        }

        if (Offsets(bytes, tokens, names, address, baseOf) is not { } found)
        {
            return null;
        }

        return (Decode(bytes, tokens.Tokens, names, found.Addresses), found.Layout);
    }

    private sealed record MarkerTable(int Start, int Count, uint Last);

    private sealed record NameTable(int Start, int CountAt, int Count);

    private static MarkerTable? Markers(ReadOnlySpan<byte> bytes, int tokens)
    {
        // The nearest array before the tokens that begins with 0 and grows by what 256 names take.
        for (var at = tokens & ~3; at >= 8; at -= 4)
        {
            if (U32(bytes, at) != 0 || !Step(0, U32(bytes, at + 4)))
            {
                continue;
            }

            var count = 2;
            while (
                at + (count * 4) + 4 <= tokens && Step(U32(bytes, at + (count * 4) - 4), U32(bytes, at + (count * 4)))
            )
            {
                count++;
            }

            if (count >= 3)
            {
                return new MarkerTable(at, count, U32(bytes, at + (count * 4) - 4));
            }
        }

        return null;

        static bool Step(uint before, uint after) => after > before + 512 && after < before + (256 * 300);
    }

    private static NameTable? FindNames(ReadOnlySpan<byte> bytes, MarkerTable markers)
    {
        // A shorter run of markers is tried as well: what follows the last marker may continue the pattern by chance.
        for (var cut = 0; cut < 3 && markers.Count - cut >= 2; cut++)
        {
            var count = markers.Count - cut;
            var last = U32(bytes, markers.Start + (count * 4) - 4);
            var from = (long)markers.Start - last - (256 * 300);
            for (var start = (markers.Start - (long)last) & ~3L; start >= Math.Max(8, from); start -= 4)
            {
                foreach (var back in (ReadOnlySpan<int>)[4, 8])
                {
                    var number = U32(bytes, (int)start - back);
                    if (
                        number <= MaxSymbols
                        && (number + 255) / 256 == (uint)count
                        && Fits(bytes, (int)start, (int)number, markers)
                    )
                    {
                        return new NameTable((int)start, (int)start - back, (int)number);
                    }
                }
            }
        }

        return null;
    }

    private static bool Fits(ReadOnlySpan<byte> bytes, int start, int number, MarkerTable markers)
    {
        long at = start;
        for (var i = 0; i < number; i++)
        {
            if (i % 256 == 0 && U32(bytes, markers.Start + (i / 256 * 4)) != at - start)
            {
                return false;
            }

            if (at >= markers.Start)
            {
                return false;
            }

            int length = bytes[(int)at++];
            if ((length & 0x80) != 0)
            {
                length = (length & 0x7f) | (bytes[(int)at++] << 7);
            }

            at += length;
        }

        return at <= markers.Start && markers.Start - at < 16;
    }

    private static (ulong[] Addresses, string Layout)? Offsets(
        ReadOnlySpan<byte> bytes,
        KallsymsTokens tokens,
        NameTable names,
        ulong address,
        Func<int, ulong?>? baseOf
    )
    {
        var padded = (names.Count * 4 + 7) & ~7;

        // Before the names: kallsyms_offsets, kallsyms_relative_base, kallsyms_num_syms.
        for (var slot = names.CountAt - 8; slot >= names.CountAt - 16; slot -= 4)
        {
            if (
                slot % 8 == names.CountAt % 8
                && slot >= padded
                && Relative(bytes, slot - padded, slot, names.Count, baseOf, "before the names") is { } found
            )
            {
                return found;
            }
        }

        // After the tokens: kallsyms_offsets, then kallsyms_relative_base or nothing.
        for (var start = (tokens.IndexStart + 512 + 3) & ~3; start <= tokens.IndexStart + 512 + 16; start += 4)
        {
            for (var slot = start + (names.Count * 4); slot <= start + padded + 4; slot += 4)
            {
                if (
                    slot % 8 == 0
                    && start % 8 == 0
                    && Relative(bytes, start, slot, names.Count, baseOf, "after the tokens") is { } found
                )
                {
                    return found;
                }
            }
        }

        for (var start = (tokens.IndexStart + 512 + 3) & ~3; start <= tokens.IndexStart + 512 + 16; start += 4)
        {
            if (SelfRelative(bytes, start, names.Count, address) is { } found)
            {
                return (found, "offsets after the tokens, relative to themselves");
            }
        }

        return null;
    }

    private static (ulong[] Addresses, string Layout)? Relative(
        ReadOnlySpan<byte> bytes,
        int start,
        int slot,
        int count,
        Func<int, ulong?>? baseOf,
        string where
    )
    {
        if (start < 0 || (long)start + (count * 4L) > bytes.Length || slot + 8 > bytes.Length)
        {
            return null;
        }

        var relative = BinaryPrimitives.ReadUInt64LittleEndian(bytes[slot..]);
        if (relative == 0 && baseOf?.Invoke(slot) is { } known)
        {
            relative = known;
        }

        // A kernel is linked into the upper half, at a page.
        if ((relative >> 47) != 0x1ffff || (relative & 0xfff) != 0)
        {
            return null;
        }

        var absolute = false;
        for (var i = 0; i < count && !absolute; i++)
        {
            absolute = (int)U32(bytes, start + (i * 4)) < 0;
        }

        var addresses = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            var value = (int)U32(bytes, start + (i * 4));
            addresses[i] =
                !absolute ? relative + (uint)value
                : value >= 0 ? (ulong)value
                : relative - 1 - (ulong)(long)value;
        }

        return IsSorted(addresses)
            ? (addresses, $"offsets {where}, {(absolute ? "per-CPU symbols absolute" : "relative to a base")}")
            : null;
    }

    private static ulong[]? SelfRelative(ReadOnlySpan<byte> bytes, int start, int count, ulong address)
    {
        if ((long)start + (count * 4L) > bytes.Length)
        {
            return null;
        }

        var addresses = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            var place = start + (i * 4);
            addresses[i] = address + (ulong)place + (ulong)(long)(int)U32(bytes, place);
        }

        return IsSorted(addresses) && addresses[^1] - addresses[0] < 1 << 30 ? addresses : null;
    }

    private static bool IsSorted(ulong[] addresses)
    {
        for (var i = 1; i < addresses.Length; i++)
        {
            if (addresses[i] < addresses[i - 1] && addresses[i - 1] - addresses[i] < 1UL << 62)
            {
                return false;
            }
        }

        return addresses.Length > 0;
    }

    private static List<Symbol> Decode(ReadOnlySpan<byte> bytes, string[] tokens, NameTable names, ulong[] addresses)
    {
        var result = new List<Symbol>(names.Count);
        var text = new StringBuilder();
        var at = names.Start;
        for (var i = 0; i < names.Count; i++)
        {
            int length = bytes[at++];
            if ((length & 0x80) != 0)
            {
                length = (length & 0x7f) | (bytes[at++] << 7);
            }

            text.Clear();
            for (var n = 0; n < length; n++)
            {
                text.Append(tokens[bytes[at + n]]);
            }

            at += length;
            if (text.Length > 1)
            {
                result.Add(new Symbol(addresses[i], text.ToString(1, text.Length - 1), text[0]));
            }
        }

        return result;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) =>
        at >= 0 && at + 4 <= bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : uint.MaxValue;
}
