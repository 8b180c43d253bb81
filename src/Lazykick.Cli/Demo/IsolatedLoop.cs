using System.Diagnostics;
using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Demo;

/// <summary>
/// A thread that is registered, stays in EQS and spins on a CPU of its own, noting the time between two turns of its
/// loop: what user code on an isolated CPU is to the kernel.
/// </summary>
internal sealed class IsolatedLoop : IDisposable
{
    // To within 1/64 of a gap.
    private const int Precision = 6;

    private readonly Thread _thread;
    private readonly ManualResetEventSlim _spinning = new();
    private LogHistogram _gaps = new(Precision);
    private Exception? _failure;
    private volatile bool _stop;
    private volatile bool _renew;

    public IsolatedLoop(RcuDomain domain, int cpu)
    {
        _thread = new Thread(() => Run(domain, cpu)) { Name = "isolated", IsBackground = true };
        _thread.Start();
        _spinning.Wait();
        if (_failure is not null)
            throw _failure;
    }

    /// <summary>Takes what has been noted since the last call.</summary>
    public LogHistogram Take()
    {
        var taken = _gaps;
        _renew = true;
        while (_renew)
            Thread.Yield();
        return taken;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _spinning.Dispose();
    }

    private void Run(RcuDomain domain, int cpu)
    {
        try
        {
            CpuAffinity.Pin(cpu);
        }
        catch (Exception exception)
        {
            _failure = exception;
            _spinning.Set();
            return;
        }

        using var registration = domain.Register();
        var nanoseconds = 1e9 / Stopwatch.Frequency;
        var gaps = _gaps;
        var last = Stopwatch.GetTimestamp();
        _spinning.Set();
        while (!_stop)
        {
            if (_renew)
            {
                _gaps = gaps = new LogHistogram(Precision);
                _renew = false;
                last = Stopwatch.GetTimestamp();
            }

            var now = Stopwatch.GetTimestamp();
            gaps.Add((ulong)(Math.Max(0, now - last) * nanoseconds));
            last = now;
        }
    }
}
