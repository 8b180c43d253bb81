using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// The retired items that have not run, in order. A retirer takes a place by one compare-and-exchange and fills it; it
/// shares no lock with the reclaimer, which may be preempted at any point. Only every thousandth takes the lock, for a
/// further chunk.
/// </summary>
/// <remarks>
/// One word has the number of items that were ever retired and what the reclaimer does. So each step that depends on
/// nothing having come, going to sleep, ending and closing, is a compare-and-exchange that fails if something came.
/// <para>
/// A retirer reads the word, then the last chunk and the number of its first item. The chunk is the right one for the
/// number in the word if it is in the chunk's range, however old the retirer's knowledge is: ranges are given out once,
/// under the lock, and a chunk is used again only when its whole range has run. If the retirer's exchange succeeds the
/// word is still what it was, so the range has not even been used up. Nor has the reclaimer ended in between and taken
/// the chunk with it: whoever starts it again takes the next number in the same step, and no word comes back.
/// </para>
/// </remarks>
internal sealed class RetiredBuffer<TMemory>(Gate gate, ChunkPool pool, Action startReclaimer)
    where TMemory : struct, ISharedMemory
{
    // What the reclaimer does, in the low bits of the word.
    private const long Awake = 0;
    private const long Asleep = 1;
    private const long Stopped = 2;
    private const long Closed = 3;
    private const long StateMask = 3;
    private const int CountShift = 2;
    private const long One = 1L << CountShift;

    private readonly PaddedCell _word = new(Stopped);
    private readonly PaddedCell _done = new(0);
    private readonly Published<RetiredChunk> _last = new(RetiredChunk.None);

    private RetiredFront<TMemory> _front;

    /// <summary>Items that were ever retired.</summary>
    public long Retired => TMemory.LoadAcquire(_word) >> CountShift;

    /// <summary>Items that have run.</summary>
    public long Done => TMemory.LoadAcquire(_done);

    /// <summary>Whether all items that the caller can know of have run.</summary>
    public bool IsDone
    {
        get
        {
            var done = Done;
            return Retired == done;
        }
    }

    /// <summary>Items that have not run yet, as a figure.</summary>
    public long Pending
    {
        get
        {
            // In this order, so that the difference is never negative.
            var done = TMemory.Look(_done);
            return (TMemory.Look(_word) >> CountShift) - done;
        }
    }

    /// <summary>Takes the next place. What this throws, it throws before it has taken one.</summary>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for a chunk, or no thread.</exception>
    public RetiredPlace TakePlace()
    {
        while (true)
        {
            var word = TMemory.LoadAcquire(_word);
            var number = word >> CountShift;
            if ((word & StateMask) < Stopped)
            {
                var chunk = TMemory.LoadAcquire(_last);
                var index = number - TMemory.LoadAcquire(chunk.First);
                if ((ulong)index < (ulong)chunk.Capacity)
                {
                    if (TMemory.CompareExchangeFull(_word, (word & ~StateMask) + One, word) == word)
                    {
                        return new RetiredPlace(chunk, (int)index, number, (word & StateMask) == Asleep);
                    }

                    continue;
                }
            }

            if (TryBeginChunk(out var place))
            {
                return place;
            }
        }
    }

    /// <summary>Puts the item into its place. Until then the reclaimer waits for it.</summary>
    public static void Fill(in RetiredPlace place, in RetiredItem item)
    {
        place.Chunk[place.Index] = item;

        // Release: whoever finds the number finds the item, and all that was unpublished before.
        TMemory.StoreRelease(place.Chunk.Filled, place.Index, place.Number + 1);
    }

    /// <summary>
    /// How far the places after those that have run are filled; at most to <paramref name="retired"/>. For the
    /// reclaimer.
    /// </summary>
    /// <returns>Whether the first of them is.</returns>
    public bool FilledUpTo(long retired, out long number) => _front.FilledUpTo(retired, out number);

    /// <summary>As <see cref="RetiredFront{TMemory}.Next"/>. For the reclaimer.</summary>
    public long Front(out RetiredChunk chunk, out int index, out RetiredChunk? emptied) =>
        _front.Next(out chunk, out index, out emptied);

    /// <summary>So many more items have run. By the reclaimer, under the lock.</summary>
    public void Finish(int count, RetiredChunk? emptied)
    {
        _front.Advance(count);
        TMemory.StoreRelease(_done, _front.Ran);
        if (emptied is not null)
        {
            pool.GiveBack(emptied);
        }
    }

    /// <summary>Whether something has been retired that has not run. For the reclaimer.</summary>
    public bool HasWork(out long retired)
    {
        retired = Retired;
        return retired != _front.Ran;
    }

    /// <summary>From now on a retirer wakes the reclaimer. By the reclaimer, under the lock, which the sleep gives
    /// back.</summary>
    /// <param name="retired">How many items have been retired.</param>
    /// <returns>Whether the reclaimer may sleep; false if something has been retired.</returns>
    public bool TrySleep(out long retired)
    {
        var word = TMemory.LoadAcquire(_word);
        if ((word & StateMask) == Awake && word >> CountShift == _front.Ran)
        {
            word = TMemory.CompareExchangeFull(_word, word + Asleep, word);
        }

        retired = word >> CountShift;
        return retired == _front.Ran;
    }

    /// <summary>
    /// The reclaimer ends, and with it goes the storage; the next retirer starts both anew. By the reclaimer, under the
    /// lock.
    /// </summary>
    /// <returns>Whether it may end; false if something has been retired.</returns>
    public bool TryStop() => TryLeave(Stopped);

    /// <summary>Nothing is taken any more. Under the lock.</summary>
    /// <returns>Whether that is so; false while something has not run.</returns>
    public bool TryClose() => TryLeave(Closed);

    private bool TryLeave(long state)
    {
        var word = TMemory.LoadAcquire(_word);
        if (
            word >> CountShift != Done
            || TMemory.CompareExchangeFull(_word, (word & ~StateMask) + state, word) != word
        )
        {
            return false;
        }

        TMemory.StoreRelease(_last, RetiredChunk.None);
        _front.Clear();
        pool.Clear();
        return true;
    }

    /// <summary>Adds a chunk and takes the first place in it; first starts the reclaimer if there is none.</summary>
    /// <returns>False if another retirer has added one.</returns>
    private bool TryBeginChunk(out RetiredPlace place)
    {
        TMemory.Enter(gate);
        try
        {
            place = default;
            var word = TMemory.LoadAcquire(_word);
            var number = word >> CountShift;
            var last = TMemory.LoadAcquire(_last);
            if ((word & StateMask) == Closed)
            {
                Misuse.DomainDisposed();
            }

            if ((ulong)(number - TMemory.LoadAcquire(last.First)) < (ulong)last.Capacity)
            {
                return false;
            }

            var next = pool.Take();
            if ((word & StateMask) == Stopped)
            {
                // May throw; then only the chunk is lost, and the pool is empty while nobody runs.
                startReclaimer();
            }

            if (_front.IsEmpty)
            {
                _front.Start(next, number);
            }
            else
            {
                last.Next = next;
            }

            // The word before the chunk, so that nobody else changes the word meanwhile: without the chunk retirers
            // have no place for its number, and the reclaimer changes it under the lock.
            TMemory.StoreRelease(next.First, number);
            TMemory.StoreRelease(_word, (word & ~StateMask) + One);
            TMemory.StoreRelease(_last, next);
            place = new RetiredPlace(next, 0, number, (word & StateMask) == Asleep);
            return true;
        }
        finally
        {
            TMemory.Exit(gate);
        }
    }
}
