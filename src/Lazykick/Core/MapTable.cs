using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lazykick.Core;

/// <summary>
/// A table of a map, in one block of native memory: this head, the buckets, the nodes. Links are numbers of nodes, 0
/// for none, so that a map of small entries takes half of what pointers would.
/// </summary>
internal unsafe struct MapTable<TKey, TValue>
    where TKey : unmanaged, IEquatable<TKey>
    where TValue : unmanaged
{
    public const int LargestCapacity = 1 << 30;

    private const int SmallestCapacity = 16;
    private const nuint Alignment = 64;

    private int* _buckets;
    private MapNode<TKey, TValue>* _nodes;
    private int _shift;
    private int _fresh;

    /// <summary>Buckets, and nodes: a power of two.</summary>
    public int BucketCount { get; private set; }

    /// <summary>Nodes that the table has.</summary>
    public readonly int NodeCapacity => BucketCount;

    /// <summary>The size of the block.</summary>
    public nuint ByteCount { get; private set; }

    /// <summary>Whether there is a node that was never used.</summary>
    public readonly bool HasFreshNode => _fresh <= NodeCapacity;

    /// <summary>A table with room for so many entries and none in it.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    /// <exception cref="InvalidOperationException">More entries are wanted than a table takes.</exception>
    public static MapTable<TKey, TValue>* Allocate(long capacity)
    {
        if (capacity > LargestCapacity)
        {
            throw new InvalidOperationException(
                $"A map takes {LargestCapacity} entries at most. Spread them over several maps."
            );
        }

        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, SmallestCapacity));
        var head = RoundUp((nuint)sizeof(MapTable<TKey, TValue>));
        var buckets = RoundUp((nuint)count * sizeof(int));

        // Node 0 stands for none.
        var size = head + buckets + (((nuint)count + 1) * (nuint)sizeof(MapNode<TKey, TValue>));
        var block = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(block + head, buckets);
        var table = (MapTable<TKey, TValue>*)block;
        *table = new MapTable<TKey, TValue>
        {
            _buckets = (int*)(block + head),
            _nodes = (MapNode<TKey, TValue>*)(block + head + buckets),
            _shift = 32 - BitOperations.Log2((uint)count),
            _fresh = 1,
            BucketCount = count,
            ByteCount = size,
        };
        return table;
    }

    /// <summary>
    /// The hash code, spread over all bits: a bucket is told by the upper ones (multiplicative hashing).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(TKey key) => (uint)key.GetHashCode() * 0x9E37_79B1;

    /// <summary>A node that was never used.</summary>
    public int TakeFreshNode() => _fresh++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly MapNode<TKey, TValue>* Node(int index) => _nodes + index;

    /// <summary>The first node of a bucket, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly MapNode<TKey, TValue>* First(int bucket) => Follow(ref _buckets[bucket]);

    /// <summary>The node after another one, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly MapNode<TKey, TValue>* Next(MapNode<TKey, TValue>* node) => Follow(ref node->Next);

    /// <summary>The node of a key, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly MapNode<TKey, TValue>* Find(TKey key, uint hash)
    {
        var node = First((int)(hash >> _shift));
        while (node is not null && (node->Hash != hash || !node->Key.Equals(key)))
        {
            node = Next(node);
        }

        return node;
    }

    /// <summary>The link to the node of a key, or the link at the end of its bucket; for the writer.</summary>
    public readonly int* FindLink(TKey key, uint hash)
    {
        var link = _buckets + (hash >> _shift);
        while (*link != 0 && !(Node(*link)->Hash == hash && Node(*link)->Key.Equals(key)))
        {
            link = &Node(*link)->Next;
        }

        return link;
    }

    /// <summary>Fills this table, which nobody sees yet, with the entries of another one.</summary>
    public void CopyFrom(MapTable<TKey, TValue>* other)
    {
        for (var bucket = 0; bucket < other->BucketCount; bucket++)
        {
            for (var node = other->First(bucket); node is not null; node = other->Next(node))
            {
                var index = TakeFreshNode();
                var link = _buckets + (node->Hash >> _shift);
                *Node(index) = *node;
                Node(index)->Next = *link;
                *link = index;
            }
        }
    }

    // Acquire: the node is seen as it was when the link to it was published.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly MapNode<TKey, TValue>* Follow(ref int link)
    {
        var index = Volatile.Read(ref link);
        return index == 0 ? null : _nodes + index;
    }

    private static nuint RoundUp(nuint size) => (size + Alignment - 1) & ~(Alignment - 1);
}
