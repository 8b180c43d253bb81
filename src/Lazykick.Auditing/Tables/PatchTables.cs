using Lazykick.Auditing.Images;

namespace Lazykick.Auditing.Tables;

/// <summary>The places of an image that the kernel itself rewrites.</summary>
public sealed class PatchTables
{
    private readonly KernelImage _image;
    private readonly Lazy<TableReader> _reader;

    internal PatchTables(KernelImage image)
    {
        _image = image;
        _reader = new Lazy<TableReader>(() => new TableReader(_image));
    }

    /// <summary>Static keys' places by address of the site.</summary>
    public IReadOnlyDictionary<ulong, JumpEntry> Jumps => _reader.Value.Jumps;

    /// <summary>Static calls' places by address of the site.</summary>
    public IReadOnlyDictionary<ulong, StaticCallSite> Calls => _reader.Value.Calls;

    /// <summary>Alternatives by address of the original; a place may have several.</summary>
    public ILookup<ulong, Alternative> Alternatives => _reader.Value.Alternatives;

    /// <summary>Functions that can be traced, by their first address.</summary>
    public IReadOnlySet<ulong> Traceable => _reader.Value.Traceable;

    /// <summary>Functions that may not be probed; null where the image does not tell.</summary>
    public IReadOnlySet<ulong>? Blacklist => _reader.Value.Blacklist;

    /// <summary>Keys that modules can reach.</summary>
    public IReadOnlySet<ulong> Exported => _reader.Value.Exported;

    /// <summary>Tables and how each was found, for the report: a table that is missing is said.</summary>
    public IReadOnlyList<TableInfo> Found => _reader.Value.Found;
}
