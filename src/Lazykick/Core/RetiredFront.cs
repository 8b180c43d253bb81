using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// How far the reclaimer has come. All of it is the reclaimer's own, but for the first chunk of all, which is put in
/// under the lock before there is anything in it.
/// </summary>
internal struct RetiredFront<TMemory>
    where TMemory : struct, ISharedMemory
{
    private RetiredChunk? _chunk;
    private long _begin;

    /// <summary>Items that have run.</summary>
    public long Ran { get; private set; }

    /// <summary>Whether there is no chunk: nobody has retired anything since the reclaimer last ended.</summary>
    public readonly bool IsEmpty => _chunk is null;

    /// <summary>Puts in the first chunk of all, which begins with this number.</summary>
    public void Start(RetiredChunk chunk, long number) => (_chunk, _begin) = (chunk, number);

    /// <summary>Gives the storage up.</summary>
    public void Clear() => _chunk = null;

    /// <summary>
    /// How far the places after those that have run are filled; at most to <paramref name="retired"/>.
    /// </summary>
    /// <returns>Whether the first of them is.</returns>
    public readonly bool FilledUpTo(long retired, out long number)
    {
        number = Ran;
        var chunk = _chunk!;
        var begin = _begin;
        for (; number < retired; number++)
        {
            if (number - begin == chunk.Capacity)
            {
                // Linked before the word counted its first place, which is part of what has been retired.
                chunk = chunk.Next!;
                begin = number;
            }

            // Acquire: whoever finds the number finds the item, and what was unpublished before.
            if (TMemory.LoadAcquire(chunk.Filled, (int)(number - begin)) != number + 1)
            {
                break;
            }
        }

        return number > Ran;
    }

    /// <summary>The chunk that has the next item, and where in the chunk it is.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="index">Where the item is.</param>
    /// <param name="emptied">The chunk before, if the step to this one has just been made.</param>
    /// <returns>How many items have run.</returns>
    public long Next(out RetiredChunk chunk, out int index, out RetiredChunk? emptied)
    {
        emptied = null;
        if (Ran - _begin == _chunk!.Capacity)
        {
            emptied = _chunk;
            _chunk = emptied.Next!;
            _begin = Ran;
        }

        chunk = _chunk;
        index = (int)(Ran - _begin);
        return Ran;
    }

    /// <summary>So many more have run.</summary>
    public void Advance(int count) => Ran += count;
}
