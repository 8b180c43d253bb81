using System.Buffers.Binary;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Unpacking;

namespace Lazykick.Auditing.Images;

/// <summary>
/// arm64's raw Image (Documentation/arch/arm64/booting.rst): bytes without headers, at an address that must be found
/// out.
/// </summary>
internal static class RawArm64
{
    public static KernelImage Load(UnpackedImage unpacked, SymbolTable? symbols)
    {
        var bytes = unpacked.File.Read(0, unpacked.File.Length).Memory.ToArray();
        var notes = new List<string>();
        var (start, count) = Relocations.FindRun(bytes);
        ulong? linked = null;
        if (symbols is null)
        {
            if (Kallsyms.Read(bytes, 0, BaseAt) is not { } found)
            {
                throw new ImageException(
                    "no symbols: the Image has no kallsyms that can be read (CONFIG_KALLSYMS is off, or a layout that "
                        + "is not known); give --system-map FILE"
                );
            }

            symbols = Table(found.Symbols, found.Layout, 0);
            if (linked is null && symbols["_text"] is < uint.MaxValue)
            {
                var address = FindBase(bytes, symbols);
                notes.Add(
                    address == 0
                        ? "the link address was not found: addresses count from the start of the image, and tables of "
                            + "pointers cannot be read"
                        : $"link address 0x{address:x}, found by the table of traceable functions"
                );
                symbols = Table(found.Symbols, found.Layout, address);
            }
        }

        if ((linked ?? symbols["_text"]) is not { } text)
        {
            throw new ImageException("no symbol _text: the address that the Image is linked at is not known");
        }

        if (count > 0)
        {
            notes.Add($"{Relocations.ApplyRun(bytes, text, start, count):N0} words of .rela.dyn were relocated");
        }

        var region = new MemoryRegion("Image", text, bytes, IsCode: true);
        return new KernelImage(MachineKind.Arm64, new AddressSpace([region]), symbols, unpacked.Container)
        {
            Banner = ImageLoader.Banner([region]),
            Notes = notes,
        };

        ulong? BaseAt(int slot)
        {
            if (Relocations.BaseAt(bytes, start, count, slot) is not { } found)
            {
                return null;
            }

            linked = found.Image;
            return found.Value;
        }
    }

    private static SymbolTable Table(List<Symbol> symbols, string layout, ulong shift) =>
        new(
            [.. symbols.Select(s => s with { Address = s.Address + shift })],
            $"kallsyms ({symbols.Count:N0} symbols, {layout})"
        );

    /// <summary>
    /// Pointers are link addresses, symbols still offsets: the base is where the table of traceable functions points to
    /// functions.
    /// </summary>
    private static ulong FindBase(byte[] bytes, SymbolTable symbols)
    {
        if (
            symbols["__start_mcount_loc"] is not { } from
            || symbols["__stop_mcount_loc"] is not { } to
            || to > (ulong)bytes.Length
            || from >= to
        )
        {
            return 0;
        }

        // Functions that the linker dropped have zeros in the table.
        var words = new List<ulong>();
        var step = Math.Max(8, (to - from) / 500 / 8 * 8);
        for (var at = from; at + 8 <= to; at += step)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((int)at));
            if (word >> 48 == 0xffff)
            {
                words.Add(word);
            }
        }

        if (words.Count == 0)
        {
            return 0;
        }

        const ulong Granule = 1UL << 21;
        var first = words[0] & ~(Granule - 1);
        for (ulong back = 0; back <= (ulong)bytes.Length + Granule; back += Granule)
        {
            var candidate = first - back;
            var hits = words.Count(w => symbols.IsStart(w - candidate) || symbols.IsStart(w - candidate + 8));
            if (hits * 10 > words.Count * 8)
            {
                return candidate;
            }
        }

        // A 64 KiB granule is the least that arm64 links at.
        for (ulong back = 0; back <= (ulong)bytes.Length + Granule; back += 1UL << 16)
        {
            var candidate = (words[0] & ~0xffffUL) - back;
            if (words.Take(50).All(w => symbols.IsStart(w - candidate) || symbols.IsStart(w - candidate + 8)))
            {
                return candidate;
            }
        }

        return 0;
    }
}
