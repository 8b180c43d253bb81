namespace Lazykick.Traces.Containers.Pages;

/// <summary>
/// Gives the sub-buffers of one CPU, block by block, out of whatever container. One reader, one thread.
/// </summary>
internal abstract class PageReader
{
    protected PageReader(string file, int pageSize)
    {
        File = file;
        PageSize = pageSize;
    }

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    /// <summary>Bytes of a sub-buffer with its header.</summary>
    public int PageSize { get; }

    /// <summary>
    /// Where pages are still being written and <see cref="TryNext"/> found none: the time up to which all events have
    /// been delivered. Null where there will be no more.
    /// </summary>
    public virtual ulong? PausedAt => null;

    /// <summary>Fills the buffer with the next block.</summary>
    /// <returns>False at the end.</returns>
    public abstract bool TryNext(out PageBlock block);

    /// <summary>
    /// Where a byte of the current block lies in the file, for messages: exact for plain pages, else where the
    /// compressed piece that holds it begins.
    /// </summary>
    public abstract long PlaceOf(long inBlock);
}
