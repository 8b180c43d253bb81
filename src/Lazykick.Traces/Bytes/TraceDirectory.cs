namespace Lazykick.Traces.Bytes;

/// <summary>The files of a raw capture. Paths are relative, with '/'.</summary>
internal abstract class TraceDirectory
{
    /// <summary>What the user calls it.</summary>
    public abstract string Name { get; }

    /// <summary>All files, without the order meaning anything.</summary>
    public abstract IEnumerable<string> Files { get; }

    /// <summary>Opens one of the files, as it is.</summary>
    public abstract ByteSource Open(string path);
}
