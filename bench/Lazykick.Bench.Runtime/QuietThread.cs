using System.Diagnostics;
using Lazykick.Cli.Demo;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// A registered thread that spins in EQS on a CPU of its own, and the interrupts which that CPU takes meanwhile. Only a
/// CPU that runs a thread of the process is interrupted, and on a shared machine another program may have the spinning
/// thread's CPU: interrupts are told for the time for which the thread was running, by its own CPU clock.
/// </summary>
internal sealed class QuietThread : IDisposable
{
    // Of the time for which the thread has to run for its interrupts to mean anything.
    private const double SmallestShare = 0.05;

    private readonly Thread _thread;
    private readonly int _cpu;
    private double _spun;
    private volatile bool _stop;

    /// <summary>Starts the thread; returns once it spins.</summary>
    public QuietThread(RcuDomain domain, int cpu)
    {
        _cpu = cpu;
        using ManualResetEventSlim spinning = new();
        _thread = new Thread(() => Spin(domain, spinning)) { IsBackground = true };
        _thread.Start();
        spinning.Wait();
    }

    /// <summary>Executes something, and says what the thread's CPU was interrupted by.</summary>
    public Quiet During(Action action)
    {
        var before = InterruptCounts.Read(_cpu);
        var spun = Volatile.Read(ref _spun);
        var clock = Stopwatch.GetTimestamp();
        action();
        var share = (Volatile.Read(ref _spun) - spun) / Stopwatch.GetElapsedTime(clock).TotalNanoseconds;
        var since = InterruptCounts.Read(_cpu).Since(before);
        return new Quiet(share, share >= SmallestShare, Running(InterruptCounts.FunctionCalls), Running("TLB"));

        double Running(string source) =>
            (since.FirstOrDefault(delta => delta.Source == source)?.Count ?? 0) / Math.Min(share, 1);
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Spin(RcuDomain domain, ManualResetEventSlim spinning)
    {
        CpuAffinity.Pin(_cpu);
        using var thread = domain.Register();
        spinning.Set();
        while (!_stop)
        {
            for (var i = 0; i < 100; i++)
                Thread.SpinWait(1);
            Volatile.Write(ref _spun, CpuClock.Now);
        }
    }

    /// <summary>What a quiet thread's CPU took.</summary>
    /// <param name="Share">For this share of the time the thread ran.</param>
    /// <param name="IsMeasured">It ran long enough for the counts to mean anything.</param>
    /// <param name="FunctionCalls">Function calls, scaled to a thread that runs all the time.</param>
    /// <param name="Shootdowns">TLB shootdowns, in the same way.</param>
    internal readonly record struct Quiet(double Share, bool IsMeasured, double FunctionCalls, double Shootdowns);
}
