namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>The compression that the head of a trace.dat 7 names.</summary>
internal sealed class Compression
{
    private readonly Func<FrameDecoder>? _create;

    private Compression(string name, Func<FrameDecoder>? create)
    {
        Name = name;
        _create = create;
    }

    public string Name { get; }

    /// <exception cref="TraceException">A compression that is not read; its name is in the message.</exception>
    public static Compression Find(string name, string file) =>
        name switch
        {
            "none" or "" => new Compression("none", null),
            "zstd" => new Compression(name, static () => new ZstdDecoder()),
            "zlib" => new Compression(name, static () => new ZlibDecoder()),
            _ => throw new TraceException($"{file}: compressed with \"{name}\"; none, zlib and zstd are read"),
        };

    /// <summary>Null where the head says that nothing is compressed.</summary>
    public FrameDecoder? CreateDecoder() => _create?.Invoke();

    /// <summary>
    /// Whether a section of these sizes can be real: text of a kernel shrinks some 10:1. Checked before memory is asked
    /// for.
    /// </summary>
    public static bool IsPlausibleSection(uint compressed, uint content) =>
        content <= 64 << 20 && content / 256 <= compressed;

    /// <summary>
    /// Whether a piece of events of these sizes can be real: ten sub-buffers in the files of trace-cmd, 640 KiB at
    /// most, and no compressor does better than 2^15:1.
    /// </summary>
    public static bool IsPlausiblePiece(uint compressed, uint content) =>
        content <= 4 << 20 && content >> 15 <= compressed;
}
