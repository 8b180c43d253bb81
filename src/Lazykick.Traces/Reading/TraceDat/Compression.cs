namespace Lazykick.Traces;

/// <summary>The compression that the head of a trace.dat 7 names.</summary>
internal sealed class Compression
{
    // trace-cmd compresses ten pages at a time; sections of text are the largest pieces.
    private const uint LargestPiece = 64 << 20;

    // zstd's best case: 128 KiB of one byte in a block of 4 bytes.
    private const uint LargestRatio = 1 << 15;

    private readonly Func<FrameDecoder>? _create;

    private Compression(string name, Func<FrameDecoder>? create)
    {
        Name = name;
        _create = create;
    }

    public string Name { get; }

    /// <exception cref="TraceException">A compression that is not read; its name is in the message.</exception>
    public static Compression Find(string name, string file) => name switch
    {
        "none" or "" => new Compression("none", null),
        "zstd" => new Compression(name, ZstdDecoder.Create),
        "zlib" => new Compression(name, static () => new ZlibDecoder()),
        _ => throw new TraceException($"{file}: compressed with \"{name}\"; none, zlib and zstd are read"),
    };

    /// <summary>Null where the head says that nothing is compressed.</summary>
    public FrameDecoder? CreateDecoder() => _create?.Invoke();

    /// <summary>Whether a piece of these sizes can be real. Checked before memory is asked for.</summary>
    public static bool IsPlausible(uint compressed, uint content) => compressed > 0 && content <= LargestPiece && content / LargestRatio <= compressed;
}
