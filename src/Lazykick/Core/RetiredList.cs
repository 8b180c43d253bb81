namespace Lazykick.Core;

/// <summary>Retired items in order, in chunks. Not thread-safe; the queue's lock guards it.</summary>
internal sealed class RetiredList(int maxSpares)
{
    private RetiredChunk? _first;
    private RetiredChunk? _last;
    private RetiredChunk? _spares;
    private int _spareCount;

    // Room may have been made for an item that did not come.
    public bool IsEmpty => _first is null or { Count: 0 };

    /// <summary>Makes room for one item; may throw for want of memory, and then has changed nothing.</summary>
    public void Reserve()
    {
        if (_last is { IsFull: false })
        {
            return;
        }

        var chunk = _spares;
        if (chunk is null)
        {
            chunk = new RetiredChunk();
        }
        else
        {
            _spares = chunk.Next;
            _spareCount--;
            chunk.Next = null;
        }

        if (_last is null)
        {
            _first = chunk;
        }
        else
        {
            _last.Next = chunk;
        }

        _last = chunk;
    }

    /// <summary>Adds an item for which <see cref="Reserve"/> has made room.</summary>
    public void Add(in RetiredItem item) => _last!.Add(item);

    /// <summary>Takes everything; the chunks come back one by one.</summary>
    public RetiredChunk? TakeAll()
    {
        var all = _first;
        _first = _last = null;
        return all;
    }

    /// <summary>Keeps an emptied chunk for later, up to as many as the limit of the queue can fill.</summary>
    public void GiveBack(RetiredChunk chunk)
    {
        if (_spareCount < maxSpares)
        {
            chunk.Next = _spares;
            _spares = chunk;
            _spareCount++;
        }
    }

    /// <summary>Lets the garbage collector have what is kept.</summary>
    public void DropSpares()
    {
        _spares = null;
        _spareCount = 0;
    }
}
