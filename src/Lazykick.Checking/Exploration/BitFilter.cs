namespace Lazykick.Checking.Exploration;

/// <summary>
/// Remembers keys by a few bits each: it may take a new one for one that it knows, never the other way round.
/// </summary>
/// <param name="bytes">Memory; rounded down to a power of two.</param>
/// <param name="bitsOfKey">Bits that each key sets.</param>
internal sealed unsafe class BitFilter(long bytes, int bitsOfKey)
{
    private const long Least = 1 << 12;

    private readonly ReservedMemory _memory = Reserve(bytes);
    private long _set;

    /// <summary>Bytes of memory.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>
    /// The chance that a key that comes now, and is new, is taken for a known one: the share of bits that are set, to
    /// the power of the bits of a key. For every key that came before it was smaller.
    /// </summary>
    public double Confusion => Math.Pow(_set / (8.0 * Bytes), bitsOfKey);

    /// <summary>Adds a key.</summary>
    /// <param name="hash">A hash of it, of which all bits are spread.</param>
    /// <returns>False: it is known, or taken for one that is.</returns>
    public bool Add(ulong hash)
    {
        var isNew = false;
        var step = Bits.Mix(hash) | 1;
        for (var i = 0; i < bitsOfKey; i++, hash += step)
        {
            var bit = hash & (ulong)Bytes * 8 - 1;
            var before = _memory.Start[bit >> 3];
            var after = (byte)(before | 1 << (int)(bit & 7));
            if (before == after)
                continue;
            _memory.Start[bit >> 3] = after;
            _set++;
            isNew = true;
        }

        return isNew;
    }

    private static ReservedMemory Reserve(long bytes)
    {
        var size = Least;
        while (2 * size <= bytes)
            size *= 2;
        var memory = new ReservedMemory(size);
        memory.GrowTo(size);
        return memory;
    }
}
