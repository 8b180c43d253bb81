using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A list that only grows, in memory that grows where it is.</summary>
/// <param name="maxCount">Most items.</param>
/// <param name="file">A file to keep them in; null: memory.</param>
internal sealed unsafe class NativeList<T>(long maxCount, string? file = null)
    where T : unmanaged
{
    private const long FirstBytes = 1 << 16;

    private readonly ReservedMemory _memory = new(Math.Max(FirstBytes, maxCount * sizeof(T)), file);
    private T* _items;
    private int _capacity;

    public int Count { get; private set; }

    /// <summary>Bytes of memory in use; none if they are in a file.</summary>
    public long Bytes => _memory.IsInFile ? 0 : (long)Count * sizeof(T);

    /// <summary>All items.</summary>
    public ReadOnlySpan<T> All => new(_items, Count);

    /// <summary>The items; growing may move them.</summary>
    public T* Items => _items;

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _items[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        if (Count == _capacity)
            Grow();
        _items[Count++] = item;
    }

    /// <summary>Makes room for so many more items, which then may be written before they are added.</summary>
    public void MakeRoom(int items)
    {
        while (_capacity - items < Count)
            Grow();
    }

    /// <summary>Adds so many items for which there is room, as they are there.</summary>
    public void Extend(int items) => Count += items;

    private void Grow()
    {
        var bytes = Math.Max(FirstBytes, 2L * _capacity * sizeof(T));
        _memory.GrowTo(Math.Min(bytes, Math.Max(FirstBytes, maxCount * sizeof(T))));
        _items = (T*)_memory.Start;
        _capacity = (int)Math.Min(int.MaxValue, _memory.Bytes / sizeof(T));
        if (Count >= _capacity)
            throw new InvalidOperationException($"a list is to hold more than {maxCount} items");
    }
}
