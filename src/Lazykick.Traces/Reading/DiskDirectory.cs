namespace Lazykick.Traces;

/// <summary>A raw capture on disk.</summary>
internal sealed class DiskDirectory(string path) : TraceDirectory
{
    public override string Name => path;

    public override IEnumerable<string> Files =>
        Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(path, file));

    public override ByteSource Open(string relative)
    {
        var full = Path.Combine(path, relative);
        return new FileSource(relative, File.OpenHandle(full));
    }
}
