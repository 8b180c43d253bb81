using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Tables;

namespace Lazykick.Auditing.Images;

/// <summary>A kernel image, or a module, with its symbols: what an audit reads.</summary>
public sealed class KernelImage
{
    internal KernelImage(MachineKind machine, AddressSpace space, SymbolTable symbols, string container)
    {
        Machine = machine;
        Space = space;
        Symbols = symbols;
        Container = container;
        Sections = new SectionMap(this);
        Tables = new PatchTables(this);
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
    public bool IsModule { get; init; }

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
