using System.Runtime.ExceptionServices;

namespace Lazykick.Checking.Exploration;

/// <summary>Threads that do one piece of work together, then the next; the caller is the first of them.</summary>
internal sealed class Workers : IDisposable
{
    private readonly Barrier _barrier;
    private readonly Thread[] _others;
    private Action<int>? _work;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts all but the first.</summary>
    /// <param name="count">Workers, the caller included.</param>
    public Workers(int count)
    {
        _barrier = new Barrier(count);
        _others =
        [
            .. Enumerable
                .Range(1, count - 1)
                .Select(worker => new Thread(() => WorkOn(worker)) { IsBackground = true, Name = "search" }),
        ];
        foreach (var thread in _others)
            thread.Start();
    }

    /// <summary>Workers, the caller included.</summary>
    public int Count => _others.Length + 1;

    /// <summary>Calls with the number of each worker, on its thread, and returns when all are done.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        _barrier.SignalAndWait();
        Try(0);
        _barrier.SignalAndWait();
        var failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    /// <summary>The share of a worker in so many items: from the first to before the second.</summary>
    public (int From, int To) ShareOf(int worker, int items) =>
        ((int)((long)items * worker / Count), (int)((long)items * (worker + 1) / Count));

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _work = null;
        _barrier.SignalAndWait();
        foreach (var thread in _others)
            thread.Join();
        _barrier.Dispose();
    }

    private void WorkOn(int worker)
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_work is null)
                return;
            Try(worker);
            _barrier.SignalAndWait();
        }
    }

    private void Try(int worker)
    {
        try
        {
            _work!(worker);
        }
#pragma warning disable CA1031 // The caller gets it.
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
#pragma warning restore CA1031
    }
}
