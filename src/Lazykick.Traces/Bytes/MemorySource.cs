namespace Lazykick.Traces.Bytes;

/// <summary>A file that is in memory already: an embedded sample, a mutated file of a test.</summary>
internal sealed class MemorySource(string name, ReadOnlyMemory<byte> contents) : ByteSource(name)
{
    public override long Length => contents.Length;

    public override int Read(Span<byte> into, long offset)
    {
        if (offset < 0 || offset >= contents.Length)
            return 0;
        var from = contents.Span[(int)offset..];
        var count = Math.Min(from.Length, into.Length);
        from[..count].CopyTo(into);
        return count;
    }

    public override void Dispose() { }
}
