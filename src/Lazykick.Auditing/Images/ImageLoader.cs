using System.Text;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Elf;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Unpacking;

namespace Lazykick.Auditing.Images;

/// <summary>Makes a <see cref="KernelImage"/> of a file.</summary>
public static class ImageLoader
{
    private static readonly byte[] s_banner = Encoding.ASCII.GetBytes("Linux version ");

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="symbols">Symbols to use instead of the image's own, or null.</param>
    /// <exception cref="ImageException">It cannot be read as a kernel image.</exception>
    public static KernelImage Load(IImageFile file, SymbolTable? symbols = null)
    {
        var unpacked = Container.Open(file);
        if (unpacked.IsRawArm64)
        {
            return RawArm64.Load(unpacked, symbols);
        }

        var elf = new ElfFile(unpacked.File);
        return elf.Type == 1 ? Module(elf, unpacked.Container) : Kernel(elf, unpacked.Container, symbols);
    }

    internal static string? Banner(IEnumerable<MemoryRegion> regions)
    {
        foreach (var region in regions.OrderBy(r => r.IsCode))
        {
            var bytes = region.Bytes.AsSpan();
            for (var from = 0; bytes[from..].IndexOf(s_banner) is var hit and >= 0; from += hit + 1)
            {
                var text = bytes[(from + hit + s_banner.Length)..];
                text = text[..Math.Min(text.Length, 64)];
                var end = text.IndexOfAny((byte)' ', (byte)0);
                if (end > 0 && char.IsAsciiDigit((char)text[0]))
                {
                    return Encoding.Latin1.GetString(text[..end]);
                }
            }
        }

        return null;
    }

    private static KernelImage Kernel(ElfFile elf, string container, SymbolTable? symbols)
    {
        var regions = new List<MemoryRegion>();
        long total = 0;
        foreach (
            var section in elf.Sections.Where(s =>
                s.IsLoaded && !s.IsEmpty && s.Address != 0 && s.Size > 0 && !IsUnwinding(s)
            )
        )
        {
            total += section.Size;
            if (total > ImageFile.MaxPart)
            {
                throw new ImageException(
                    section.Offset,
                    $"the sections that are loaded have more than {ImageFile.MaxPart:N0} bytes"
                );
            }

            regions.Add(
                new MemoryRegion(
                    section.Name,
                    section.Address,
                    elf.Read(section).Memory.ToArray(),
                    section.IsCode && !section.Name.StartsWith(".data", StringComparison.Ordinal)
                )
            );
        }

        if (regions.Count == 0)
        {
            throw new ImageException(
                "the ELF file has no section that a kernel loads: is it the debug information alone?"
            );
        }

        var notes = new List<string>();
        Relocations.Apply(elf, regions, notes);
        var space = new AddressSpace(regions);
        symbols ??= FromElf(elf) ?? FromKallsyms(regions, space);
        return new KernelImage(elf.Machine, space, symbols, container) { Banner = Banner(regions), Notes = notes };
    }

    private static bool IsUnwinding(ElfSection section) =>
        section.Name.StartsWith(".orc_", StringComparison.Ordinal)
        || section.Name is ".init.scratch" or ".retpoline_sites" or ".return_sites" or ".call_sites";

    private static SymbolTable? FromElf(ElfFile elf)
    {
        var symbols = elf.LinkedSymbols();
        return symbols.Count == 0 ? null : new SymbolTable(symbols, $"ELF symbol table ({symbols.Count:N0} symbols)");
    }

    private static SymbolTable FromKallsyms(List<MemoryRegion> regions, AddressSpace space)
    {
        foreach (var region in regions.Where(r => !r.IsCode).OrderByDescending(r => r.Bytes.Length))
        {
            if (Kallsyms.Read(region.Bytes, region.Address) is { } found)
            {
                // nm calls symbols of a section that is both written and executed text, and some kernels link .data so.
                var symbols = found.Symbols.ConvertAll(s =>
                    s.IsCode && space.Find(s.Address) is { IsCode: false } ? s with { Kind = 'd' } : s
                );
                return new SymbolTable(
                    symbols,
                    $"kallsyms in {region.Name} ({found.Symbols.Count:N0} symbols, {found.Layout})"
                );
            }
        }

        throw new ImageException(
            "no symbols: the image was stripped and has no kallsyms that can be read (CONFIG_KALLSYMS is off, or a "
                + "layout that is not known); give --system-map FILE"
        );
    }

    private static KernelImage Module(ElfFile elf, string container)
    {
        var linked = ModuleLinker.Link(elf);
        var notes =
            linked.Unknown > 0
                ? new List<string> { $"{linked.Unknown} relocations of kinds that are not known were not applied" }
                : [];
        return new KernelImage(
            elf.Machine,
            new AddressSpace(linked.Regions),
            new SymbolTable(linked.Symbols, $"module's symbol table ({linked.Symbols.Count:N0} symbols)"),
            container + ", module",
            isModule: true
        )
        {
            External = linked.External.ToDictionary(e => e.Value, e => e.Key),
            Notes = notes,
            Banner = ModuleVersion(linked.Regions),
        };
    }

    private static string? ModuleVersion(IReadOnlyList<MemoryRegion> regions)
    {
        var info = regions.FirstOrDefault(r => r.Name == ".modinfo");
        if (info is null)
        {
            return null;
        }

        var magic = Encoding
            .Latin1.GetString(info.Bytes)
            .Split('\0')
            .FirstOrDefault(s => s.StartsWith("vermagic=", StringComparison.Ordinal));
        return magic?["vermagic=".Length..].Split(' ')[0];
    }
}
