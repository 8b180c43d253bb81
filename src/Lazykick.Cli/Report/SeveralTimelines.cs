using Lazykick.Traces.States;
using Lazykick.Traces.Timelines;

namespace Lazykick.Cli.Report;

/// <summary>Tells several observers the same.</summary>
internal sealed class SeveralTimelines(IReadOnlyList<ITimelineObserver> observers) : ITimelineObserver
{
    /// <summary>One observer for all of a list, or null for none.</summary>
    public static ITimelineObserver? Of(params IReadOnlyList<ITimelineObserver?> observers)
    {
        List<ITimelineObserver> some = [.. observers.OfType<ITimelineObserver>()];
        return some.Count switch
        {
            0 => null,
            1 => some[0],
            _ => new SeveralTimelines(some),
        };
    }

    public void OnState(int cpu, CpuState state, ulong from, ulong to)
    {
        foreach (var observer in observers)
            observer.OnState(cpu, state, from, to);
    }

    public void OnInterrupt(InterruptSpan interrupt)
    {
        foreach (var observer in observers)
            observer.OnInterrupt(interrupt);
    }

    public void OnBreak(BreakSpan broken)
    {
        foreach (var observer in observers)
            observer.OnBreak(broken);
    }
}
