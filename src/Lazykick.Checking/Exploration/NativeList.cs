using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A list that only grows, in memory that grows where it is.</summary>
internal sealed unsafe class NativeList<T>(long maxCount)
    where T : unmanaged
{
    private const long FirstBytes = 1 << 16;

    private readonly ReservedMemory _memory = new(Math.Max(FirstBytes, maxCount * sizeof(T)));
    private T* _items;
    private int _capacity;

    public int Count { get; private set; }

    /// <summary>Bytes in use.</summary>
    public long Bytes => (long)Count * sizeof(T);

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

    private void Grow()
    {
        var bytes = Math.Max(FirstBytes, 2L * _capacity * sizeof(T));
        _memory.GrowTo(Math.Min(bytes, Math.Max(FirstBytes, maxCount * sizeof(T))));
        _items = (T*)_memory.Start;
        _capacity = (int)Math.Min(int.MaxValue, _memory.Bytes / sizeof(T));
        if (Count == _capacity)
            throw new InvalidOperationException($"a list is to hold more than {maxCount} items");
    }
}
