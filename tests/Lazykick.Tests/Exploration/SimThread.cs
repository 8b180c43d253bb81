using Lazykick.Memory;

namespace Lazykick.Tests.Exploration;

/// <summary>
/// A thread under the scheduler's control: a real one, as the code under test asks who it runs on, that moves only when
/// it is told to. The operating system's threads are kept and used again.
/// </summary>
#pragma warning disable CA1001 // Lives, with its events, as long as the process.
internal sealed class SimThread
#pragma warning restore CA1001
{
    [ThreadStatic]
    private static SimThread? _current;

    private static readonly Stack<SimThread> Pool = new();

    // Events of the system's: whoever waits sleeps at once. Spinning would take the CPU from the thread that is waited
    // for; on a busy machine that makes a turn a hundred times as long.
    private readonly AutoResetEvent _job = new(false);
    private Action? _body;

    private SimThread()
    {
        Thread = new Thread(Work) { IsBackground = true, Name = "simulated thread" };
        Thread.Start();
    }

    public static SimThread Current => _current ?? throw new InvalidOperationException("Not on a simulated thread.");

    public static SimThread? CurrentOrNull => _current;

    public Thread Thread { get; }

    public AutoResetEvent Go { get; } = new(false);

    public Simulation Simulation { get; private set; } = null!;

    public int Number { get; private set; }

    public Operation Pending { get; set; }

    /// <summary>The lock that the pending operation is about, if any.</summary>
    public Gate? PendingGate { get; set; }

    /// <summary>Whether operations are carried out at once, with no choice: before the execution proper.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Whether the thread was started from within the execution, for work that may end at any time.</summary>
    public bool IsSpawned { get; set; }

    /// <summary>Whether the thread has not reached its first operation yet.</summary>
    public bool IsStarting { get; set; }

    public bool IsFinished { get; set; }

    /// <summary>Whether a pulse has come since the thread began to wait; and whether it may time out.</summary>
    public bool IsPulsed { get; set; }

    public bool MayTimeOut { get; set; }

    /// <summary>Whether a long wait has ended once without news, because time passed.</summary>
    public bool HasSlept { get; set; }

    public static SimThread Take(Simulation simulation, int number)
    {
        SimThread thread;
        lock (Pool)
            thread = Pool.TryPop(out var pooled) ? pooled : new SimThread();
        thread.Simulation = simulation;
        thread.Number = number;
        thread.IsFinished =
            thread.IsPulsed =
            thread.MayTimeOut =
            thread.IsQuiet =
            thread.HasSlept =
            thread.IsSpawned =
                false;
        thread.IsStarting = true;
        return thread;
    }

    public void Begin(Action body)
    {
        _body = body;
        _job.Set();
    }

    public void GiveBack()
    {
        lock (Pool)
            Pool.Push(this);
    }

    private void Work()
    {
        _current = this;
        while (true)
        {
            _job.WaitOne();
            var body = _body!;
            _body = null;
            body();
        }
    }
}
