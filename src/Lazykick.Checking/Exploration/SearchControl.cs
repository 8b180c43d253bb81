using System.Diagnostics;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// Says when a search has to end, and reports how far it is. A search that has to begin again goes on with the same
/// one.
/// </summary>
internal sealed class SearchControl(
    SearchLimits limits,
    Action<SearchProgress>? progress,
    CancellationToken cancellation
)
{
    private static readonly TimeSpan s_betweenReports = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _nextReport = s_betweenReports;

    public SearchLimits Limits => limits;

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Why a search of this size has to end now; <see cref="SearchEnd.Exhausted"/> if it has not.</summary>
    public SearchEnd Check(long states, long bytes) =>
        cancellation.IsCancellationRequested ? SearchEnd.Cancelled
        : states > limits.MaxStates ? SearchEnd.StateLimit
        : bytes > limits.MaxBytes ? SearchEnd.MemoryLimit
        : limits.Timeout != Timeout.InfiniteTimeSpan && _clock.Elapsed > limits.Timeout ? SearchEnd.TimeLimit
        : SearchEnd.Exhausted;

    /// <summary>Reports, if the last report is a second old.</summary>
    public void Report(int level, long states, long waiting, long bytes)
    {
        if (progress is null || _clock.Elapsed <= _nextReport)
            return;
        progress(new SearchProgress(level, states, waiting, bytes, _clock.Elapsed));
        _nextReport = _clock.Elapsed + s_betweenReports;
    }
}
