using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Layout;

/// <summary>
/// The sections that matter, by the symbols that the linker script puts around them, else by the ELF section of that
/// name.
/// </summary>
public sealed class SectionMap
{
    private readonly AddressSpace _space;
    private readonly SymbolTable _symbols;
    private readonly bool _isModule;
    private readonly Dictionary<string, AddressRange> _named = new(StringComparer.Ordinal);

    internal SectionMap(AddressSpace space, SymbolTable symbols, bool isModule)
    {
        _space = space;
        _symbols = symbols;
        _isModule = isModule;
        Text = Range("_stext", "_etext", ".text");
        Init = Range("_sinittext", "_einittext", ".init.text");
        Entry = Range("__entry_text_start", "__entry_text_end", ".entry.text");
        Noinstr = Range("__noinstr_text_start", "__noinstr_text_end", ".noinstr.text");
        Idle = Range("__cpuidle_text_start", "__cpuidle_text_end", ".cpuidle.text");
        Kprobes = Range("__kprobes_text_start", "__kprobes_text_end", ".kprobes.text");
        IrqEntry = Range("__irqentry_text_start", "__irqentry_text_end", ".irqentry.text");
        foreach (
            var (name, range) in new[]
            {
                (".entry.text", Entry),
                (".cpuidle.text", Idle),
                (".noinstr.text", Noinstr),
                (".kprobes.text", Kprobes),
                (".irqentry.text", IrqEntry),
                (".init.text", Init),
            }
        )
        {
            if (!range.IsEmpty)
            {
                _named[name] = range;
            }
        }
    }

    /// <summary>All ordinary text.</summary>
    public AddressRange Text { get; }

    /// <summary>Text that is freed after boot.</summary>
    public AddressRange Init { get; }

    /// <summary>Entry assembler.</summary>
    public AddressRange Entry { get; }

    /// <summary>Text that may not be instrumented.</summary>
    public AddressRange Noinstr { get; }

    /// <summary>The idle routines.</summary>
    public AddressRange Idle { get; }

    /// <summary>Text that may not be probed.</summary>
    public AddressRange Kprobes { get; }

    /// <summary>Handlers of interrupts.</summary>
    public AddressRange IrqEntry { get; }

    /// <summary>The address is in text that is written for windows: entry, noinstr or idle.</summary>
    public bool IsQuiet(ulong address) =>
        Noinstr.Contains(address) || Entry.Contains(address) || Idle.Contains(address) || IsQuietSection(address);

    /// <summary>The name of the section that an address of code is in.</summary>
    public string NameOf(ulong address)
    {
        foreach (var (name, range) in _named)
        {
            if (range.Contains(address))
            {
                return name;
            }
        }

        var region = _space.Find(address)?.Name;
        return region is null or "Image" ? ".text" : region;
    }

    /// <summary>A range by two symbols, or by an ELF section.</summary>
    public AddressRange Range(string start, string end, string? section = null)
    {
        if (_symbols[start] is { } from && _symbols[end] is { } to && to >= from)
        {
            return new AddressRange(from, to);
        }

        return section is not null && _space.Regions.FirstOrDefault(r => r.Name == section) is { } region
            ? new AddressRange(region.Address, region.End)
            : default;
    }

    private bool IsQuietSection(ulong address) =>
        _isModule && _space.Find(address)?.Name is ".noinstr.text" or ".entry.text" or ".cpuidle.text";
}
