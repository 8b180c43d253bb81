using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Elf;

/// <summary>The parts of a 64-bit ELF file that an audit needs. Debug information is never read.</summary>
public sealed class ElfFile
{
    private const int MaxSections = 20_000;
    private readonly IImageFile _file;

    /// <summary>Reads the headers.</summary>
    /// <exception cref="ImageException">It is no ELF file of arm64 or x86-64, or damaged.</exception>
    public ElfFile(IImageFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        var head = file.Read(0, Math.Min(64, file.Length));
        if (head.Length < 64 || head.U32(0) != 0x464c457f)
        {
            throw new ImageException(0, "no ELF file");
        }

        if (head.U8(4) != 2 || head.U8(5) != 1)
        {
            throw new ImageException(4, "an ELF file of 32 bits or big-endian; 64 bits, little-endian are read");
        }

        Type = head.U16(16);
        Machine = head.U16(18) switch
        {
            183 => MachineKind.Arm64,
            62 => MachineKind.X86,
            var other => throw new ImageException(18, $"ELF machine {other}; arm64 (183) and x86-64 (62) are known"),
        };
        Sections = ReadSections(head);
    }

    /// <summary>ET_REL 1 is a module, ET_EXEC 2 and ET_DYN 3 a kernel.</summary>
    public int Type { get; }

    /// <summary>The machine.</summary>
    public MachineKind Machine { get; }

    /// <summary>All sections by number.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>A section by name, or null.</summary>
    public ElfSection? this[string name] => Sections.FirstOrDefault(s => s.Name == name);

    /// <summary>The bytes of a section.</summary>
    public ByteView Read(ElfSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return section.IsEmpty ? default : _file.Read(section.Offset, section.Size);
    }

    /// <summary>The symbol table as it is, with section numbers; empty if it was stripped.</summary>
    public IReadOnlyList<ElfSymbol> ReadSymbols()
    {
        if (
            Sections.FirstOrDefault(s => s.Type == 2) is not { } table
            || table.Link <= 0
            || table.Link >= Sections.Count
        )
        {
            return [];
        }

        var bytes = Read(table);
        var names = Read(Sections[table.Link]);
        var count = bytes.Length / 24;
        var result = new List<ElfSymbol>(count);
        for (var i = 0; i < count; i++)
        {
            var at = i * 24L;
            var info = bytes.U8(at + 4);
            var name = bytes.U32(at);
            result.Add(
                new ElfSymbol(
                    name == 0 ? "" : names.Text(name),
                    info & 15,
                    info >> 4,
                    bytes.U16(at + 6),
                    bytes.U64(at + 8),
                    bytes.U64(at + 16)
                )
            );
        }

        return result;
    }

    /// <summary>A letter as nm gives it, coarsely: code, data or absolute.</summary>
    internal char KindOf(ElfSymbol symbol) =>
        symbol.Section is 0xfff1 ? 'A'
        : symbol.Section > 0 && symbol.Section < Sections.Count && Sections[symbol.Section].IsCode ? 't'
        : 'd';

    /// <summary>
    /// Symbols of a linked kernel, without the marks of code and data (<c>$x</c>, <c>$d</c>), which would hide names at
    /// their addresses.
    /// </summary>
    internal List<Symbol> LinkedSymbols() =>
        [
            .. ReadSymbols()
                .Where(s => s is { Name.Length: > 0, Section: not 0, Type: 0 or 1 or 2 } && s.Name[0] != '$')
                .Select(s => new Symbol(s.Value, s.Name, KindOf(s))),
        ];

    private List<ElfSection> ReadSections(ByteView head)
    {
        var offset = (long)head.U64(40);
        int size = head.U16(58),
            count = head.U16(60),
            strings = head.U16(62);
        if (offset == 0 || size != 64)
        {
            throw new ImageException(
                40,
                "no section headers: they were stripped, and the audit finds its tables by them"
            );
        }

        if (count == 0)
        {
            count = (int)Math.Min(MaxSections, _file.Read(offset, 64).U64(32));
        }

        if (count > MaxSections)
        {
            throw new ImageException(60, $"{count} sections; at most {MaxSections} are read");
        }

        var table = _file.Read(offset, count * 64L);
        var raw = Enumerable.Range(0, count).Select(i => Header(table, i)).ToList();
        if (strings >= count)
        {
            throw new ImageException(62, "the section of section names does not exist");
        }

        var names = Read(raw[strings].Section);
        return [.. raw.Select(r => r.Section with { Name = r.Name < (uint)names.Length ? names.Text(r.Name) : "" })];
    }

    private static (ElfSection Section, uint Name) Header(ByteView table, int index)
    {
        var at = index * 64L;
        return (
            new ElfSection(
                index,
                "",
                table.U32(at + 4),
                table.U64(at + 8),
                table.U64(at + 16),
                (long)table.U64(at + 24),
                (long)table.U64(at + 32),
                (int)Math.Min(int.MaxValue, table.U32(at + 40)),
                (int)Math.Min(int.MaxValue, table.U32(at + 44)),
                table.U64(at + 48)
            ),
            table.U32(at)
        );
    }
}
