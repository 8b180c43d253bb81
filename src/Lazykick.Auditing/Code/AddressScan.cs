using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Code;

/// <summary>Finds the addresses that text names, by its instructions in the order that they lie in.</summary>
internal static class AddressScan
{
    /// <summary>arm64: adr, adrp, and adrp with the add that completes it.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="address">Its address.</param>
    /// <param name="low">Least address to report.</param>
    /// <param name="high">Largest.</param>
    /// <param name="found">Gets the address that is named, and where.</param>
    public static void Arm64(ReadOnlySpan<byte> bytes, ulong address, ulong low, ulong high, Action<ulong, ulong> found)
    {
        Span<ulong> pages = stackalloc ulong[32];
        for (var at = 0; at + 4 <= bytes.Length; at += 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
            ulong value;
            if (IsPage(word))
            {
                value = PageOf(word, address + (ulong)at);
                pages[(int)(word & 31)] = value;
            }
            else if (IsAdd(word))
            {
                value = pages[(int)((word >> 5) & 31)] + Added(word);
            }
            else
            {
                continue;
            }

            if (value >= low && value <= high)
            {
                found(value, address + (ulong)at);
            }
        }
    }

    /// <summary>The address that adr or adrp makes.</summary>
    public static ulong PageOf(uint word, ulong here)
    {
        var offset = (long)((((ulong)(word >> 5) & 0x7ffff) << 2) | ((word >> 29) & 3)) << 43 >> 43;
        return (word >> 31) != 0 ? (here & ~0xfffUL) + (ulong)(offset << 12) : here + (ulong)offset;
    }

    /// <summary>Every address that a function names.</summary>
    public static SortedSet<ulong> OfFunction(MachineKind machine, ReadOnlySpan<byte> bytes, ulong address)
    {
        var result = new SortedSet<ulong>();
        if (machine == MachineKind.Arm64)
        {
            // The page of an adrp that an add completes is no address that the function means.
            var pages = new HashSet<ulong>();
            foreach (var (value, page) in Pairs(bytes, address))
            {
                if (page is { } completed)
                {
                    pages.Remove(completed);
                    result.Add(value);
                }
                else
                {
                    pages.Add(value);
                }
            }

            result.UnionWith(pages);
            return result;
        }

        var decoder = new X86Decoder();
        for (var at = 0; at < bytes.Length;)
        {
            var insn = decoder.Decode(bytes[at..], address + (ulong)at);
            if (insn.Word != 0)
            {
                result.Add(insn.Word);
            }

            at += insn.Length;
        }

        return result;
    }

    private static List<(ulong Value, ulong? Page)> Pairs(ReadOnlySpan<byte> bytes, ulong address)
    {
        var result = new List<(ulong, ulong?)>();
        var pages = new ulong[32];
        foreach (var word in MemoryMarshal.Cast<byte, uint>(bytes))
        {
            if (IsPage(word))
            {
                var value = PageOf(word, address);
                pages[(int)(word & 31)] = value;
                result.Add((value, null));
            }
            else if (IsAdd(word))
            {
                var page = pages[(int)((word >> 5) & 31)];
                result.Add((page + Added(word), page));
            }

            address += 4;
        }

        return result;
    }

    private static bool IsPage(uint word) => (word & 0x9f000000) is 0x90000000 or 0x10000000;

    private static bool IsAdd(uint word) => (word & 0xff800000) == 0x91000000;

    private static ulong Added(uint word) => ((word >> 10) & 0xfff) << ((word & 0x400000) != 0 ? 12 : 0);
}
