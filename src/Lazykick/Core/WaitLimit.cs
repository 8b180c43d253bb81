using System.Diagnostics;

namespace Lazykick.Core;

/// <summary>How long a wait may take, and what ends it early.</summary>
internal readonly struct WaitLimit
{
    private readonly long _end;

    private WaitLimit(long end, CancellationToken cancellationToken) =>
        (_end, CancellationToken) = (end, cancellationToken);

    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the time is up.</summary>
    public bool IsOver => _end != long.MaxValue && Stopwatch.GetTimestamp() >= _end;

    /// <summary>What is left, as <see cref="Monitor"/> takes it: rounded up to a millisecond, or for ever.</summary>
    public TimeSpan Left
    {
        get
        {
            if (_end == long.MaxValue)
            {
                return Timeout.InfiniteTimeSpan;
            }

            var left = Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _end).TotalMilliseconds);
            return TimeSpan.FromMilliseconds(Math.Clamp(left, 0, int.MaxValue));
        }
    }

    /// <summary>No limit but the token.</summary>
    public static WaitLimit Until(CancellationToken cancellationToken) => new(long.MaxValue, cancellationToken);

    /// <summary>So long from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not
    /// <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static WaitLimit For(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return Until(cancellationToken);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        var ticks = timeout.TotalSeconds * Stopwatch.Frequency;
        var now = Stopwatch.GetTimestamp();
        return new WaitLimit(ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks, cancellationToken);
    }
}
