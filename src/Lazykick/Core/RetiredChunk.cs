namespace Lazykick.Core;

/// <summary>A piece of the queue, small enough for the ordinary heap and used again.</summary>
internal sealed class RetiredChunk
{
    /// <summary>Items in a chunk: 40 KiB.</summary>
    public const int Capacity = 1_024;

    private readonly RetiredItem[] _items = new RetiredItem[Capacity];

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>The chunk that was begun after this one.</summary>
    public RetiredChunk? Next { get; set; }

    public bool IsFull => Count == Capacity;

    public ref readonly RetiredItem this[int index] => ref _items[index];

    public void Add(in RetiredItem item) => _items[Count++] = item;

    /// <summary>Empties the chunk, so that it keeps nothing alive.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
        Next = null;
    }
}
