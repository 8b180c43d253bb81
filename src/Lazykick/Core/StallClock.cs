namespace Lazykick.Core;

/// <summary>
/// Tells when a wait is to be reported: once for each full stall timeout since the wait became long, whatever it waited
/// for in the meantime.
/// </summary>
internal struct StallClock
{
    private long _start;
    private bool _isRunning;
    private long _reports;

    /// <summary>How long the wait has taken, as of the last look.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Looks at the clock; the first look starts it.</summary>
    public bool IsDue(TimeProvider time, TimeSpan stallTimeout)
    {
        if (stallTimeout <= TimeSpan.Zero)
        {
            return false;
        }

        if (!_isRunning)
        {
            _start = time.GetTimestamp();
            _isRunning = true;
        }

        Waited = time.GetElapsedTime(_start);
        var periods = Waited.Ticks / stallTimeout.Ticks;
        if (periods <= _reports)
        {
            return false;
        }

        _reports = periods;
        return true;
    }
}
