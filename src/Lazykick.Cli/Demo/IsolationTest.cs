using System.Diagnostics;

namespace Lazykick.Cli.Demo;

/// <summary>
/// The isolation test of the mailing-list thread in user space: one CPU spins in a quiescent state, another one kicks
/// it, first as everybody does, then lazily.
/// </summary>
internal static class IsolationTest
{
    /// <summary>Runs one leg after the other.</summary>
    /// <param name="isolated">The CPU that spins.</param>
    /// <param name="kicker">The CPU that kicks; another one.</param>
    /// <param name="leg">How long each leg takes.</param>
    /// <param name="rate">Kicks per second, the same in each leg; 0 for one after the other without a pause.</param>
    /// <param name="progress">Told what begins.</param>
    /// <param name="cancellationToken">Ends the test early.</param>
    public static IsolationResult Run(
        int isolated,
        int kicker,
        TimeSpan leg,
        int rate,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        using RcuDomain domain = new(new RcuDomainOptions { Name = "demo" });
        using IsolatedLoop loop = new(domain, isolated);
        CpuAffinity.Pin(kicker);

        // Everything is compiled and mapped before the first leg: both would interrupt the isolated CPU, too.
        foreach (var kind in Enum.GetValues<IsolationLegKind>())
            Measure(kind, TimeSpan.FromMilliseconds(50));
        GC.Collect();
        List<IsolationLeg> legs = [];
        foreach (var kind in Enum.GetValues<IsolationLegKind>())
        {
            progress($"{IsolationLeg.NameOf(kind)}, {leg.TotalSeconds:0.#} s");
            legs.Add(Measure(kind, leg));
        }

        return new IsolationResult(isolated, kicker, legs);

        IsolationLeg Measure(IsolationLegKind kind, TimeSpan duration)
        {
            var before = InterruptCounts.Read(isolated);
            loop.Take();
            var start = Stopwatch.GetTimestamp();
            var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            var kicks = Kick(kind, domain, rate, end, cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(start);
            var gaps = loop.Take();
            return new IsolationLeg(kind, elapsed, kicks, InterruptCounts.Read(isolated).Since(before), gaps);
        }
    }

    private static long Kick(
        IsolationLegKind kind,
        RcuDomain domain,
        int rate,
        long end,
        CancellationToken cancellationToken
    )
    {
        // A pace: while the spinning thread is off its CPU a barrier interrupts nobody and returns at once. Without a
        // pace such barriers would be most of all, however short the absence.
        var pause = rate == 0 ? 0 : Stopwatch.Frequency / rate;
        long kicks = 0;
        for (var next = Stopwatch.GetTimestamp(); next < end; kicks++)
        {
            if ((kicks & 0xFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (kind == IsolationLegKind.ProcessWide)
                Interlocked.MemoryBarrierProcessWide();
            else if (kind == IsolationLegKind.Lazy)
                domain.Kick();
            var now = Stopwatch.GetTimestamp();
            next = Math.Max(next + pause, now);
            while (now < next)
                now = Stopwatch.GetTimestamp();
        }

        return kind == IsolationLegKind.Nobody ? 0 : kicks;
    }
}
