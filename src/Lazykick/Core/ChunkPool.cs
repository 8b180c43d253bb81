namespace Lazykick.Core;

/// <summary>
/// Chunks that have run and are used again: as many as a queue at its limit takes. Under the queue's lock.
/// </summary>
internal sealed class ChunkPool(int capacity, int maxPending)
{
    private readonly int _most = Math.Min((maxPending / capacity) + 1, 256);
    private RetiredChunk? _first;
    private int _count;

    /// <summary>A chunk, used before or new.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for one.</exception>
    public RetiredChunk Take()
    {
        if (_first is not { } chunk)
        {
            return new RetiredChunk(capacity);
        }

        _first = chunk.Next;
        _count--;
        chunk.Next = null;
        return chunk;
    }

    /// <summary>Keeps a chunk whose whole range has run.</summary>
    public void GiveBack(RetiredChunk chunk)
    {
        if (_count < _most)
        {
            chunk.Next = _first;
            _first = chunk;
            _count++;
        }
    }

    /// <summary>Keeps none.</summary>
    public void Clear() => (_first, _count) = (null, 0);
}
