namespace Lazykick.Traces.Recording;

/// <summary>The newest pages of one CPU in memory: what led to an event that a recording waits for.</summary>
/// <param name="cpu">The CPU.</param>
/// <param name="mostBytes">Older pages go when there are more.</param>
internal sealed class LastPages(int cpu, long mostBytes) : IPageStore
{
    private readonly Queue<byte[]> _pages = new();

    public int Cpu { get; } = cpu;

    public long Bytes { get; private set; }

    public void Add(ReadOnlySpan<byte> page)
    {
        // All pages of a CPU have one size. The page that goes serves the one that comes: nothing is allocated once the
        // store is full.
        byte[]? copy = null;
        if (Bytes + page.Length > mostBytes && _pages.TryDequeue(out copy))
            Bytes -= copy.Length;
        copy ??= new byte[page.Length];
        page.CopyTo(copy);
        _pages.Enqueue(copy);
        Bytes += page.Length;
    }

    public void MoveTo(Stream file)
    {
        foreach (var page in _pages)
            file.Write(page);
    }
}
