namespace Lazykick.Traces.Events;

/// <summary>A few threads that fill chunks ahead of the joiner.</summary>
internal sealed class LaneWorkers : IDisposable
{
    private readonly Queue<CpuLane> _waiting = new();
    private readonly Thread[] _threads;
    private bool _stopping;

    public LaneWorkers(int threads)
    {
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = "lazykick reader" };
            _threads[i].Start();
        }
    }

    public void Add(CpuLane lane)
    {
        if (_threads.Length == 0)
            return;
        lock (_waiting)
        {
            _waiting.Enqueue(lane);
            Monitor.Pulse(_waiting);
        }
    }

    /// <summary>Fills a chunk of a lane that waits for a worker. False: none does.</summary>
    public bool TryFillOne()
    {
        while (true)
        {
            CpuLane? lane;
            lock (_waiting)
            {
                if (!_waiting.TryDequeue(out lane))
                    return false;
            }

            if (lane.TryFill())
                return true;
        }
    }

    public void Dispose()
    {
        lock (_waiting)
        {
            _stopping = true;
            Monitor.PulseAll(_waiting);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            CpuLane lane;
            lock (_waiting)
            {
                while (_waiting.Count == 0 && !_stopping)
                    Monitor.Wait(_waiting);
                if (_stopping)
                    return;
                lane = _waiting.Dequeue();
            }

            lane.TryFill();
        }
    }
}
