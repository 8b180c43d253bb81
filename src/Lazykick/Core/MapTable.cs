using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// A table of a map, in one block of native memory: this head, the buckets, a byte for each bucket. A bucket is whole
/// cache lines: a control word and seven entries, so that a look-up mostly has one miss. An entry that finds no place
/// in its bucket goes into the next one that has any.
/// </summary>
/// <remarks>
/// The control word has a byte for each entry: 0, or seven bits of the hash code of the entry's key and a one. The
/// eighth byte counts the entries that passed the bucket by; a reader looks at the next bucket only if there are any.
/// One store of the word publishes an entry, takes one away, or puts one in place of another. What is no longer
/// published stays as it is until a grace period has passed.
/// </remarks>
internal unsafe struct MapTable<TKey, TValue, TMemory>
    where TKey : unmanaged, IEquatable<TKey>
    where TValue : unmanaged
    where TMemory : struct, ISharedMemory
{
    public const int LargestCapacity = 1 << 30;

    private const int EntriesOfABucket = 7;
    private const int SmallestBucketCount = 4;

    // With the largest capacity three quarters of the places hold all entries, and a place's number still is an int.
    private const int LargestBucketCount = 1 << 28;
    private const int PassedShift = 56;
    private const ulong PassedOne = 1UL << PassedShift;
    private const ulong MostPassed = 0xFF;
    private const ulong LowBits = 0x0001_0101_0101_0101;
    private const ulong HighBits = LowBits << 7;
    private const nuint Alignment = 64;

    private byte* _buckets;
    private byte* _waiting;
    private int _shift;
    private int _used;

    /// <summary>Buckets: a power of two.</summary>
    public int BucketCount { get; private set; }

    /// <summary>How many places may be in use, those that wait for a grace period included: three quarters.</summary>
    public readonly int Limit => LimitOf(BucketCount);

    /// <summary>The size of the block.</summary>
    public nuint ByteCount { get; private set; }

    /// <summary>Whether no more places may be taken.</summary>
    public readonly bool IsFull => _used >= Limit;

    private static nuint BucketSize =>
        RoundUp(sizeof(ulong) + (EntriesOfABucket * (nuint)sizeof(MapEntry<TKey, TValue>)));

    /// <summary>How many buckets it takes for so many entries.</summary>
    public static int BucketsFor(long capacity) =>
        (int)
            BitOperations.RoundUpToPowerOf2(
                (uint)Math.Max(
                    ((capacity * 4) + (3 * EntriesOfABucket) - 1) / (3 * EntriesOfABucket),
                    SmallestBucketCount
                )
            );

    /// <summary>
    /// How many buckets follow on so many, when no place is free: twice as many if entries fill them; as many if it is
    /// places that wait for a grace period, or if there are no more.
    /// </summary>
    public static int BucketsAfter(int buckets, long count) =>
        count >= LimitOf(buckets) / 2 && buckets < LargestBucketCount ? 2 * buckets : buckets;

    /// <summary>A table without entries.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    public static MapTable<TKey, TValue, TMemory>* Allocate(int bucketCount)
    {
        var head = RoundUp((nuint)sizeof(MapTable<TKey, TValue, TMemory>));
        var buckets = (nuint)bucketCount * BucketSize;
        var size = head + buckets + (nuint)bucketCount;
        var block = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(block + head, buckets + (nuint)bucketCount);
        var table = (MapTable<TKey, TValue, TMemory>*)block;
        *table = new MapTable<TKey, TValue, TMemory>
        {
            _buckets = block + head,
            _waiting = block + head + buckets,
            _shift = 32 - BitOperations.Log2((uint)bucketCount),
            BucketCount = bucketCount,
            ByteCount = size,
        };
        return table;
    }

    /// <summary>
    /// The hash code, spread over all bits: a bucket is told by the upper ones (multiplicative hashing).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(TKey key) => (uint)key.GetHashCode() * 0x9E37_79B1;

    /// <summary>The entry of a key, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly MapEntry<TKey, TValue>* Find(TKey key, uint hash)
    {
        var pattern = LowBits * MarkOf(hash);
        var home = HomeOf(hash);
        var bucket = home;
        do
        {
            // Acquire: an entry is seen as it was when it was published.
            var control = TMemory.LoadAcquire(ref *ControlOf(bucket));
            for (var hits = HitsIn(control, pattern); hits != 0; hits &= hits - 1)
            {
                var entry = EntriesOf(bucket) + (BitOperations.TrailingZeroCount(hits) >> 3);
                if (TMemory.LoadContent(ref entry->Key).Equals(key))
                {
                    return entry;
                }
            }

            if (control < PassedOne)
            {
                return null;
            }

            bucket = Next(bucket);
        } while (bucket != home); // each bucket may have been passed by: in a small table all of them at once

        return null;
    }

    /// <summary>The place of a key, or -1; for the writer.</summary>
    public readonly int PlaceOf(TKey key, uint hash)
    {
        var entry = (byte*)Find(key, hash);
        if (entry is null)
        {
            return -1;
        }

        var bucket = (nuint)(entry - _buckets) / BucketSize;
        var index = (nuint)(entry - (byte*)EntriesOf((int)bucket)) / (nuint)sizeof(MapEntry<TKey, TValue>);
        return (int)((bucket * EntriesOfABucket) + index);
    }

    /// <summary>The entry in a place.</summary>
    public readonly MapEntry<TKey, TValue>* EntryAt(int place) =>
        EntriesOf(place / EntriesOfABucket) + (place % EntriesOfABucket);

    /// <summary>Whether there is an entry in a place.</summary>
    public readonly bool IsPublished(int place) =>
        (byte)(TMemory.LoadAcquire(ref *ControlOf(place / EntriesOfABucket)) >> (8 * (place % EntriesOfABucket)))
        != 0;

    /// <summary>How many buckets a reader of a key passes before it is at a place.</summary>
    public readonly int DistanceOf(uint hash, int place) =>
        ((place / EntriesOfABucket) - HomeOf(hash)) & (BucketCount - 1);

    /// <summary>How many places there are.</summary>
    public readonly int PlaceCount => BucketCount * EntriesOfABucket;

    /// <summary>
    /// A free place for a key, on the way that readers go; after the place that the key has, if any, so that a reader
    /// meets one or the other. -1 if all free places are before that one, which no fresh copy of the table has.
    /// </summary>
    /// <param name="hash">Of the key.</param>
    /// <param name="old">The key's place, or -1.</param>
    /// <param name="isCrowded">Whether the first bucket has places that only wait for a grace period, and no
    /// other.</param>
    public readonly int FreePlace(uint hash, int old, out bool isCrowded)
    {
        var home = HomeOf(hash);
        var first = old < 0 ? home : old / EntriesOfABucket;
        var bucket = first;
        isCrowded = false;
        do
        {
            // One bit for each place that is neither published nor waiting.
            var control = *ControlOf(bucket);
            for (var index = 0; index < EntriesOfABucket; index++)
            {
                if ((byte)(control >> (8 * index)) == 0 && (_waiting[bucket] & (1 << index)) == 0)
                {
                    return (bucket * EntriesOfABucket) + index;
                }
            }

            isCrowded |= bucket == first && _waiting[bucket] != 0;
            bucket = Next(bucket);
        } while (bucket != home); // there a reader's way begins

        return -1;
    }

    /// <summary>Puts an entry into a free place, in place of the key's old one.</summary>
    /// <param name="place">A result of <see cref="FreePlace"/>.</param>
    /// <param name="hash">Of the key.</param>
    /// <param name="old">The key's place, or -1.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public void Put(int place, uint hash, int old, TKey key, TValue value)
    {
        // The entry first: the release stores of the control words tell that it is there.
        var entry = EntryAt(place);
        TMemory.StoreContent(ref entry->Key, key);
        TMemory.StoreContent(ref entry->Value, value);
        Publish(place, hash, old);
    }

    /// <summary>Takes an entry away; its place waits for a grace period.</summary>
    public readonly void Remove(int place, uint hash)
    {
        var bucket = place / EntriesOfABucket;
        MarkWaiting(place);
        TMemory.StoreRelease(ref *ControlOf(bucket), *ControlOf(bucket) & ~MaskOf(place));
        Pass(hash, bucket, up: false);
    }

    /// <summary>A grace period has passed since the entry in a place was taken away.</summary>
    public void Release(int place)
    {
        _waiting[place / EntriesOfABucket] &= (byte)~(1 << (place % EntriesOfABucket));
        _used--;
    }

    /// <summary>Fills this table, which nobody sees yet, with the entries of another one.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="moves">Which entries have an older value, and are left out.</param>
    public void CopyFrom(MapTable<TKey, TValue, TMemory>* other, MapMoves<TKey, TValue, TMemory> moves)
    {
        for (var from = 0; from < other->PlaceCount; from++)
        {
            if (other->IsPublished(from) && !(moves.HasDoubles && moves.IsOlder(from)))
            {
                var entry = other->EntryAt(from);
                var hash = Hash(entry->Key);
                var place = FreePlace(hash, -1, out _);
                Put(place, hash, -1, entry->Key, entry->Value);
            }
        }
    }

    private void Publish(int place, uint hash, int old)
    {
        var bucket = place / EntriesOfABucket;
        var mark = MarkOf(hash) << (8 * (place % EntriesOfABucket));
        _used++;
        if (old >= 0 && old / EntriesOfABucket == bucket)
        {
            MarkWaiting(old);
            TMemory.StoreRelease(ref *ControlOf(bucket), (*ControlOf(bucket) & ~MaskOf(old)) | mark);
            return;
        }

        // The way first, then the entry; and the old one after that: a reader on its way finds one of them.
        Pass(hash, bucket, up: true);
        TMemory.StoreRelease(ref *ControlOf(bucket), *ControlOf(bucket) | mark);
        if (old >= 0)
        {
            Remove(old, hash);
        }
    }

    // The lowest bits of a product depend on the lowest of the key only; these do not tell buckets apart either.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MarkOf(uint hash) => 0x80 | (hash & 0x7F);

    private static int LimitOf(int buckets) => (int)(EntriesOfABucket * 3L * buckets / 4);

    private static ulong MaskOf(int place) => 0xFFUL << (8 * (place % EntriesOfABucket));

    /// <summary>
    /// The high bit of each byte that is equal to the pattern's. A byte above an equal one can be in it that differs in
    /// its lowest bit; such an entry is there too, and its key is compared.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HitsIn(ulong control, ulong pattern)
    {
        var difference = control ^ pattern;
        return (difference - LowBits) & ~difference & HighBits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int HomeOf(uint hash) => (int)(hash >> _shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Next(int bucket) => (bucket + 1) & (BucketCount - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong* ControlOf(int bucket) => (ulong*)(_buckets + ((nuint)bucket * BucketSize));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly MapEntry<TKey, TValue>* EntriesOf(int bucket) =>
        (MapEntry<TKey, TValue>*)(_buckets + ((nuint)bucket * BucketSize) + sizeof(ulong));

    private readonly void MarkWaiting(int place) =>
        _waiting[place / EntriesOfABucket] |= (byte)(1 << (place % EntriesOfABucket));

    /// <summary>
    /// Counts an entry in all buckets between its home and the one that it is in; what is full stays so.
    /// </summary>
    private readonly void Pass(uint hash, int bucket, bool up)
    {
        for (var passed = HomeOf(hash); passed != bucket; passed = Next(passed))
        {
            var control = *ControlOf(passed);
            if (control >> PassedShift != MostPassed)
            {
                TMemory.StoreRelease(ref *ControlOf(passed), up ? control + PassedOne : control - PassedOne);
            }
        }
    }

    private static nuint RoundUp(nuint size) => (size + Alignment - 1) & ~(Alignment - 1);
}
