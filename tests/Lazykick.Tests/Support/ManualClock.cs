namespace Lazykick.Tests.Support;

/// <summary>A clock that moves by a fixed step whenever it is read.</summary>
internal sealed class ManualClock(TimeSpan step) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
}
