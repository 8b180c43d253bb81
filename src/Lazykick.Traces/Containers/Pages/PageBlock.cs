namespace Lazykick.Traces.Containers.Pages;

/// <summary>Some consecutive sub-buffers of one CPU in memory.</summary>
/// <param name="Start">Where the first one begins; the buffer stays in place until the next block is asked for.</param>
/// <param name="Length">Bytes; the last sub-buffer may be cut short only where <paramref name="IsLast"/>.</param>
/// <param name="IsLast">No block follows. Otherwise the last sub-buffer is here only to be looked at, and comes again
/// as the first of the next block.</param>
internal readonly unsafe record struct PageBlock(nint Start, int Length, bool IsLast)
{
    public byte* Pointer => (byte*)Start;

    public byte[] ToArray() => new ReadOnlySpan<byte>(Pointer, Length).ToArray();
}
