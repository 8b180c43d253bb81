namespace Lazykick.Core;

/// <summary>
/// Notices a callback that does not end. The reclaimer writes down which one it runs, which costs two stores; a timer
/// looks whether that is still the same one.
/// </summary>
internal sealed class CallbackWatch(IDomainEvents events, TimeProvider time, TimeSpan stallTimeout)
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(5);

    private RetiredChunk? _chunk;
    private long _running;
    private long _begun;
    private long _seen;
    private StallClock _clock;

    /// <summary>Looks every quarter of the stall timeout until the result is disposed.</summary>
    /// <param name="alsoLook">What else is to be looked at.</param>
    public IDisposable? Start(Action alsoLook)
    {
        if (stallTimeout <= TimeSpan.Zero)
        {
            return null;
        }

        var period = stallTimeout / 4 < ShortestPeriod ? ShortestPeriod : stallTimeout / 4;
        var longest = TimeSpan.FromMilliseconds(int.MaxValue);
        period = period > longest ? longest : period;
        return time.CreateTimer(
            _ =>
            {
                Look();
                alsoLook();
            },
            null,
            period,
            period
        );
    }

    /// <summary>The reclaimer begins to run an item.</summary>
    public void Begin(RetiredChunk chunk, int index)
    {
        _chunk = chunk;

        // The number is never used again; its low bits say where in the chunk the item is.
        Volatile.Write(ref _running, (++_begun * RetiredChunk.LargestCapacity) + index);
    }

    /// <summary>The reclaimer runs nothing.</summary>
    public void End() => Volatile.Write(ref _running, 0);

    /// <summary>What is running, if the same is still running after the look.</summary>
    public string? Describe()
    {
        var running = Volatile.Read(ref _running);
        if (running == 0 || _chunk is not { } chunk)
        {
            return null;
        }

        var item = chunk[(int)(running % RetiredChunk.LargestCapacity)];
        return Volatile.Read(ref _running) == running ? item.Describe() : null;
    }

    private void Look()
    {
        var running = Volatile.Read(ref _running);
        if (running != _seen || running == 0)
        {
            _seen = running;
            _clock = default;
        }

        if (running != 0 && _clock.IsDue(time, stallTimeout) && Describe() is { } callback)
        {
            events.CallbackStalled(_clock.Waited, callback);
        }
    }
}
