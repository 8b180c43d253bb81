namespace Lazykick.Traces.Bytes;

/// <summary>A raw capture on disk.</summary>
internal sealed class DiskDirectory(string path) : TraceDirectory
{
    // SYSTEM/EVENT/format; deeper than the layout nothing is looked at, whatever directory somebody names.
    private static readonly EnumerationOptions Formats = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 2,
        IgnoreInaccessible = true,
    };
    private static readonly EnumerationOptions Flat = new() { IgnoreInaccessible = true };

    public override string Name => path;

    public override IEnumerable<string> Files =>
        Find(".", Flat).Concat(Find("raw", Flat)).Concat(Find("formats", Formats)).Concat(Find("events", Formats));

    public override ByteSource Open(string relative) =>
        new FileSource(relative, File.OpenHandle(Path.Combine(path, relative)));

    private IEnumerable<string> Find(string below, EnumerationOptions options)
    {
        var directory = Path.Combine(path, below);
        return Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*", options).Select(file => Path.GetRelativePath(path, file))
            : [];
    }
}
