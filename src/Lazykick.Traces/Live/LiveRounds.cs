using System.Diagnostics;

namespace Lazykick.Traces.Live;

/// <summary>
/// The beat of a live analysis. In each round every CPU's buffer is emptied once; events older than the begin of the
/// round are then complete, so that the merge of CPUs need not wait for one that has nothing to say.
/// </summary>
/// <param name="interval">Between two rounds.</param>
/// <param name="onRound">Called between two rounds, on the thread of the analysis.</param>
/// <param name="cancellation">Ends the last round.</param>
internal sealed class LiveRounds(TimeSpan interval, Action onRound, CancellationToken cancellation)
{
    // An event is written with interrupts or preemption off, after its time was taken: it may become visible later.
    private const ulong WritingNanoseconds = 20_000;

    /// <summary>
    /// Begin of the round on the clock <c>mono</c>, in nanoseconds, less the time that writing an event takes.
    /// </summary>
    public ulong Time { get; private set; } = Now();

    /// <summary>No further round follows.</summary>
    public bool HasEnded => cancellation.IsCancellationRequested;

    /// <summary>Waits for the next round.</summary>
    public void Next()
    {
        onRound();
        cancellation.WaitHandle.WaitOne(interval);
        Time = Now();
    }

    // Stopwatch reads CLOCK_MONOTONIC, as the trace clock 'mono' does, in nanoseconds.
    private static ulong Now() =>
        (ulong)(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency)) - WritingNanoseconds;
}
