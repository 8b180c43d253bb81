using System.Buffers.Binary;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Elf;
using Lazykick.Auditing.Layout;

namespace Lazykick.Auditing.Images;

/// <summary>
/// Words that the kernel relocates at boot: arm64's <c>.rela.dyn</c>. (<c>.relr.dyn</c> has its addends in place.)
/// </summary>
internal static class Relocations
{
    private const uint Relative = 1027;

    public static void Apply(ElfFile elf, List<MemoryRegion> regions, List<string> notes)
    {
        if (elf.Machine != MachineKind.Arm64)
        {
            return;
        }

        var applied = 0;
        var map = new AddressSpace(regions);
        foreach (var section in elf.Sections.Where(s => s.Type == 4 && s.IsLoaded && !s.IsEmpty))
        {
            var rows = elf.Read(section);
            for (long at = 0; at + 24 <= rows.Length; at += 24)
            {
                if (rows.U32(at + 8) == Relative && Write(map, rows.U64(at), rows.U64(at + 16)))
                {
                    applied++;
                }
            }
        }

        if (applied > 0)
        {
            notes.Add($"{applied:N0} words of .rela.dyn were relocated");
        }
    }

    /// <summary>The longest run of relative relocations of a raw Image, which has no section headers.</summary>
    public static (int Start, int Count) FindRun(ReadOnlySpan<byte> image)
    {
        const int Size = 24;
        (int Start, int Count) best = (0, 0);
        for (var at = 0; at + Size <= image.Length; at += 8)
        {
            if (!IsRow(image, at))
            {
                continue;
            }

            var count = 1;
            while (at + ((count + 1) * Size) <= image.Length && IsRow(image, at + (count * Size)))
            {
                count++;
            }

            if (count > best.Count)
            {
                best = (at, count);
            }

            at += (count * Size) - 8;
        }

        return best.Count >= 4 ? best : (0, 0);
    }

    /// <summary>Applies such a run.</summary>
    public static int ApplyRun(byte[] image, ulong address, int start, int count)
    {
        var applied = 0;
        for (var i = 0; i < count; i++)
        {
            var row = image.AsSpan(start + (i * 24), 24);
            var offset = BinaryPrimitives.ReadUInt64LittleEndian(row) - address;
            if (offset <= (ulong)image.Length - 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(
                    image.AsSpan((int)offset),
                    BinaryPrimitives.ReadUInt64LittleEndian(row[16..])
                );
                applied++;
            }
        }

        return applied;
    }

    /// <summary>
    /// What a run writes into the word at an offset, where that is a symbol near the start of the image (kallsyms'
    /// base), and the image's own address.
    /// </summary>
    public static (ulong Image, ulong Value)? BaseAt(ReadOnlySpan<byte> image, int start, int count, int offset)
    {
        for (var i = 0; i < count; i++)
        {
            var row = image.Slice(start + (i * 24), 24);
            var address = BinaryPrimitives.ReadUInt64LittleEndian(row) - (ulong)offset;
            var value = BinaryPrimitives.ReadUInt64LittleEndian(row[16..]);
            if ((address & 0xffff) == 0 && value - address <= 1 << 20)
            {
                return (address, value);
            }
        }

        return null;
    }

    private static bool IsRow(ReadOnlySpan<byte> image, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(image[(at + 8)..]) == Relative
        && image[at + 7] == 0xff
        && image[at + 6] == 0xff;

    private static bool Write(AddressSpace map, ulong address, ulong value)
    {
        if (map.Find(address) is not { } region || region.End - address < 8)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(region.Bytes.AsSpan((int)(address - region.Address)), value);
        return true;
    }
}
