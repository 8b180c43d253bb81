using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Tables;

namespace Lazykick.Auditing.Images;

/// <summary>A kernel image, or a module, with its symbols: what an audit reads.</summary>
public sealed class KernelImage
{
    internal KernelImage(
        MachineKind machine,
        AddressSpace space,
        SymbolTable symbols,
        string container,
        bool isModule = false
    )
    {
        Machine = machine;
        Space = space;
        Symbols = symbols;
        Container = container;
        IsModule = isModule;
        Sections = new SectionMap(space, symbols, isModule);

        // Only an image that names no data has tables that no name tells.
        var infers = !isModule && !symbols.HasData;
        Tables = new PatchTables(machine, space, symbols, Sections, isModule, infers);
        if (infers && Tables.Exported is { Count: > 0 } exported)
        {
            // What modules can reach has a name all the same, and the state of the EQS is among it.
            Symbols = symbols.WithData(exported, "names of data from __ksymtab");
            Sections = new SectionMap(space, Symbols, isModule);
            Tables = new PatchTables(machine, space, Symbols, Sections, isModule, infers);
        }
    }

    /// <summary>The machine that it is for.</summary>
    public MachineKind Machine { get; }

    /// <summary>What is at which address.</summary>
    public AddressSpace Space { get; }

    /// <summary>Its names.</summary>
    public SymbolTable Symbols { get; }

    /// <summary>What it was wrapped in, in words.</summary>
    public string Container { get; }

    /// <summary>It is a module: its calls into the kernel end at a name.</summary>
    public bool IsModule { get; }

    /// <summary>Names that a module takes from the kernel, by the address that stands for each.</summary>
    public IReadOnlyDictionary<ulong, string> External { get; init; } = new Dictionary<ulong, string>();

    /// <summary>What the reader has to say: relocations that it does not know, layouts that it guessed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The version that the image names, or null.</summary>
    public string? Banner { get; init; }

    /// <summary>Its sections.</summary>
    public SectionMap Sections { get; }

    /// <summary>Its tables of places that can be patched.</summary>
    public PatchTables Tables { get; }

    /// <summary>The name of a place.</summary>
    public string Place(ulong address) => External.TryGetValue(address, out var name) ? name : Symbols.Place(address);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="systemMap">Symbols to use instead of the image's own, or null.</param>
    /// <exception cref="ImageException">It cannot be read as a kernel image.</exception>
    public static KernelImage Open(string path, string? systemMap = null)
    {
        SymbolTable? symbols = null;
        if (systemMap is not null)
        {
            using var reader = new StreamReader(systemMap);
            symbols = SystemMap.Read(reader, systemMap);
        }

        using var file = new ImageFile(path);
        return ImageLoader.Load(file, symbols);
    }
}
