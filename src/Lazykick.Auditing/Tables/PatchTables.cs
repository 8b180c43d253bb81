using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Tables;

/// <summary>The places of an image that the kernel itself rewrites.</summary>
public sealed class PatchTables
{
    private readonly Lazy<TableReader> _reader;

    internal PatchTables(
        MachineKind machine,
        AddressSpace space,
        SymbolTable symbols,
        SectionMap sections,
        bool isModule,
        bool infers
    ) => _reader = new Lazy<TableReader>(() => new TableReader(machine, space, symbols, sections, isModule, infers));

    /// <summary>Static keys' places by address of the site.</summary>
    public IReadOnlyDictionary<ulong, JumpEntry> Jumps => _reader.Value.Jumps;

    /// <summary>Static calls' places by address of the site.</summary>
    public IReadOnlyDictionary<ulong, StaticCallSite> Calls => _reader.Value.Calls;

    /// <summary>Alternatives by address of the original; a place may have several.</summary>
    public ILookup<ulong, Alternative> Alternatives => _reader.Value.Alternatives;

    /// <summary>Functions that can be traced, by their first address; null where the image does not tell.</summary>
    public IReadOnlySet<ulong>? Traceable => _reader.Value.Traceable;

    /// <summary>Functions that may not be probed; null where the image does not tell.</summary>
    public IReadOnlySet<ulong>? Blacklist => _reader.Value.Blacklist;

    /// <summary>What modules can reach, by address, with its name; null where the image does not tell.</summary>
    public IReadOnlyDictionary<ulong, string>? Exported => _reader.Value.Exports.Names;

    /// <summary>Data that is read-only once the kernel has booted; empty if the image does not tell.</summary>
    public AddressRange ReadOnlyAfterInit => _reader.Value.ReadOnlyAfterInit;

    /// <summary>Layouts of structures that the image itself tells.</summary>
    public KernelLayouts Layouts => _reader.Value.Layouts;

    /// <summary>Tables and how each was found, for the report: a table that is missing is said.</summary>
    public IReadOnlyList<TableInfo> Found => _reader.Value.Found;
}
