using System.Buffers.Binary;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Elf;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Images;

/// <summary>
/// Lays a module (ET_REL) out at addresses of its own and applies its relocations, so that it reads like a kernel.
/// </summary>
internal sealed class ModuleLinker
{
    private const ulong Base = 0xffffffffa0000000;
    private readonly ElfFile _elf;
    private readonly ulong[] _addresses;
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<Symbol> _symbols = [];
    private readonly Dictionary<string, ulong> _external = new(StringComparer.Ordinal);
    private ulong _nextExternal;

    private ModuleLinker(ElfFile elf)
    {
        _elf = elf;
        _addresses = new ulong[elf.Sections.Count];
    }

    /// <summary>Relocations of kinds that are not known here: their places hold what the file has.</summary>
    public int Unknown { get; private set; }

    /// <summary>Names that the module takes from the kernel, with the addresses that stand for them.</summary>
    public IReadOnlyDictionary<string, ulong> External => _external;

    public IReadOnlyList<MemoryRegion> Regions => _regions;

    public IReadOnlyList<Symbol> Symbols => _symbols;

    public static ModuleLinker Link(ElfFile elf)
    {
        var linker = new ModuleLinker(elf);
        linker.Place();
        linker.Relocate();
        return linker;
    }

    private void Place()
    {
        var next = Base;
        long total = 0;
        foreach (var section in _elf.Sections.Where(s => s.IsLoaded))
        {
            var align = Math.Clamp(section.Align, 1, 4096);
            next = (next + align - 1) / align * align;
            _addresses[section.Index] = next;
            total += section.Size;
            if (section.Size < 0 || total > ImageFile.MaxPart / 2)
            {
                throw new ImageException(
                    section.Offset,
                    $"section {section.Name} has {section.Size:N0} bytes: too many for a module"
                );
            }

            var bytes = new byte[section.Size];
            if (!section.IsEmpty)
            {
                _elf.Read(section).Memory.Span.CopyTo(bytes);
            }

            _regions.Add(new MemoryRegion(section.Name, next, bytes, section.IsCode));
            next += (ulong)section.Size + 16;
        }

        _nextExternal = ((next + 0xffff) & ~0xffffUL) + 0x100000;
    }

    private void Relocate()
    {
        var symbols = _elf.ReadSymbols();
        var values = new ulong[symbols.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var symbol = symbols[i];
            if (symbol.Section == 0 && symbol.Name.Length > 0)
            {
                values[i] = Outside(symbol.Name);
            }
            else if (symbol.Section < _addresses.Length)
            {
                values[i] = _addresses[symbol.Section] + symbol.Value;
                if (
                    symbol.Name.Length > 0
                    && symbol.Name[0] != '$'
                    && symbol.Section > 0
                    && _addresses[symbol.Section] != 0
                )
                {
                    _symbols.Add(new Symbol(values[i], symbol.Name, _elf.KindOf(symbol)));
                }
            }
        }

        var byAddress = _regions.ToDictionary(r => r.Address);
        foreach (
            var section in _elf.Sections.Where(s =>
                s.Type == 4 && s.Info > 0 && s.Info < _addresses.Length && _addresses[s.Info] != 0
            )
        )
        {
            if (!byAddress.TryGetValue(_addresses[section.Info], out var target))
            {
                continue;
            }

            var rows = _elf.Read(section);
            for (long at = 0; at + 24 <= rows.Length; at += 24)
            {
                var symbol = rows.U32(at + 12);
                var value = symbol < (uint)values.Length ? values[symbol] : 0;
                Apply(target, rows.U64(at), rows.U32(at + 8), value + rows.U64(at + 16));
            }
        }
    }

    private ulong Outside(string name)
    {
        if (!_external.TryGetValue(name, out var address))
        {
            address = _nextExternal;
            _nextExternal += 16;
            _external[name] = address;
            _symbols.Add(new Symbol(address, name, 'U'));
        }

        return address;
    }

    private void Apply(MemoryRegion region, ulong offset, uint kind, ulong value)
    {
        if (offset >= (ulong)region.Bytes.Length)
        {
            Unknown++;
            return;
        }

        var at = region.Bytes.AsSpan((int)offset);
        var place = region.Address + offset;
        switch (_elf.Machine, kind)
        {
            case (MachineKind.X86, 1) or (MachineKind.Arm64, 257) when at.Length >= 8:
                BinaryPrimitives.WriteUInt64LittleEndian(at, value);
                break;
            case (MachineKind.X86, 24) or (MachineKind.Arm64, 260) when at.Length >= 8:
                BinaryPrimitives.WriteUInt64LittleEndian(at, value - place);
                break;
            case (MachineKind.X86, 2 or 4) or (MachineKind.Arm64, 261) when at.Length >= 4:
                BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)(value - place));
                break;
            case (MachineKind.X86, 10 or 11) when at.Length >= 4:
                BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)value);
                break;
            case (MachineKind.Arm64, 282 or 283) when at.Length >= 4:
                Field(at, (uint)((value - place) >> 2) & 0x3ffffff, 0x3ffffff);
                break;
            case (MachineKind.Arm64, 280) when at.Length >= 4:
                Field(at, ((uint)((value - place) >> 2) & 0x7ffff) << 5, 0x7ffff << 5);
                break;
            case (MachineKind.Arm64, 275 or 276) when at.Length >= 4:
                var pages = (uint)((value >> 12) - (place >> 12));
                Field(at, ((pages & 3) << 29) | (((pages >> 2) & 0x7ffff) << 5), (3u << 29) | (0x7ffffu << 5));
                break;
            case (MachineKind.Arm64, 277) when at.Length >= 4:
                Field(at, (uint)(value & 0xfff) << 10, 0xfff << 10);
                break;
            case (MachineKind.Arm64, 278 or 284 or 285 or 286 or 299) when at.Length >= 4:
                var shift = kind switch
                {
                    278 => 0,
                    284 => 1,
                    285 => 2,
                    286 => 3,
                    _ => 4,
                };
                Field(at, ((uint)(value & 0xfff) >> shift) << 10, 0xfff << 10);
                break;
            default:
                Unknown++;
                break;
        }
    }

    private static void Field(Span<byte> at, uint bits, uint mask) =>
        BinaryPrimitives.WriteUInt32LittleEndian(at, (BinaryPrimitives.ReadUInt32LittleEndian(at) & ~mask) | bits);
}
