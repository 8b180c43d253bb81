using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// A list that only grows and never moves what it holds: growing costs one more chunk, where an array would need twice
/// the memory and a copy of everything. Chunks are just large enough for the heap that is not compacted; the first one
/// starts small.
/// </summary>
internal sealed class ChunkedList<T>
    where T : unmanaged
{
    private const int ChunkBytesLog2 = 17;
    private const int FirstChunk = 1 << 8;

    private T[][] _chunks = [new T[FirstChunk]];
    private int _capacity = FirstChunk;

    public int Count { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => (long)_capacity * Unsafe.SizeOf<T>();

    private static int ChunkBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ChunkBytesLog2 - BitOperations.Log2((uint)Unsafe.SizeOf<T>());
    }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[index >> ChunkBits][index & (1 << ChunkBits) - 1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in T item)
    {
        if (Count == _capacity)
            Grow();
        this[Count++] = item;
    }

    private void Grow()
    {
        if (_capacity < 1 << ChunkBits)
        {
            Array.Resize(ref _chunks[0], _capacity * 2);
            _capacity *= 2;
            return;
        }

        var used = _capacity >> ChunkBits;
        if (used == _chunks.Length)
            Array.Resize(ref _chunks, used * 2);
        _chunks[used] = new T[1 << ChunkBits];
        _capacity = checked(_capacity + (1 << ChunkBits));
    }
}
