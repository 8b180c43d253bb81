using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>A piece of the queue, small enough for the ordinary heap and used again.</summary>
internal sealed class RetiredChunk(int capacity)
{
    /// <summary>Items in a chunk of a domain: 48 KiB.</summary>
    public const int LargestCapacity = 1_024;

    /// <summary>A chunk that nothing goes into: the end of a queue that has no storage.</summary>
    public static readonly RetiredChunk None = new(0);

    /// <summary>
    /// For each place the number of the item in it plus one, stored after the item. Numbers are never used twice, so
    /// what a former use of the chunk has left says nothing about this one.
    /// </summary>
    public readonly long[] Filled = new long[capacity];

    private readonly RetiredItem[] _items = new RetiredItem[capacity];

    /// <summary>The number of the item in the first place.</summary>
    public PaddedCell First { get; } = new(0);

    /// <summary>The chunk that was begun after this one.</summary>
    public RetiredChunk? Next { get; set; }

    public int Capacity => _items.Length;

    public ref RetiredItem this[int index] => ref _items[index];

    /// <summary>Keeps nothing alive that has been run.</summary>
    public void Clear(int index, int count) => Array.Clear(_items, index, count);
}
