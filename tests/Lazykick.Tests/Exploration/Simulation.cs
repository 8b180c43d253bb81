using Lazykick.Memory;

namespace Lazykick.Tests.Exploration;

/// <summary>
/// One execution: threads that take turns, one operation at a time, in the order that a path says. Whoever has the turn
/// chooses who is next, so that a thread that goes on costs no switch.
/// </summary>
internal sealed class Simulation : IDisposable
{
    [ThreadStatic]
    private static Simulation? _peeked;

    private readonly List<SimThread> _threads = [];
    private readonly SimScheduler _scheduler;
    private readonly List<IDisposable> _owned = [];
    private readonly AutoResetEvent _started = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly List<string>? _log;
    private int _live;
    private Exception? _failure;
    private Action _begun = static () => { };
    private volatile bool _aborting;

    public Simulation(IPath path, bool tso, Mutation mutation, bool log)
    {
        Memory = tso ? new TsoMemory() : new ViewMemory(path);
        Mutation = mutation;
        Monitors = new SimMonitors(this, path, _threads);
        _scheduler = new SimScheduler(this, path, _threads);
        _log = log ? [] : null;
    }

    /// <summary>Takes what is to be disposed with the execution.</summary>
    public void Own(IDisposable resource) => _owned.Add(resource);

    /// <summary>The execution that the calling thread looks on from outside.</summary>
    public static Simulation? Peeked => _peeked;

    public IMemoryModel Memory { get; }

    public Mutation Mutation { get; }

    public int ThreadCount => _threads.Count;

    public SimMonitors Monitors { get; }

    public SimObjects Objects { get; } = new();

    /// <summary>Whether the execution is being left: threads unwind and take no turns.</summary>
    public bool IsAborting => _aborting;

    /// <summary>Whether waits report themselves as long, so that reaping and stall checks run.</summary>
    public bool LongWaits { get; set; }

    /// <summary>Whether looks at figures are steps of their own, as they are on a machine.</summary>
    public bool LooksAreSteps { get; set; }

    /// <summary>Whether there is work that nobody may sleep over.</summary>
    public Func<bool> HasWork { get; set; } = static () => false;

    /// <summary>The first exception of a thread, or a deadlock.</summary>
    public Exception? Failure => _failure ?? _scheduler.Failure;

    /// <summary>Whether the execution was left because another one stands for it.</summary>
    public bool IsPruned => _scheduler.IsPruned;

    public IReadOnlyList<string> Log => _log ?? [];

    /// <summary>
    /// Adds a thread: what it does before the execution proper, in order of addition, and what it does in it.
    /// </summary>
    public void Add(Action? before, Action body)
    {
        var thread = NewThread(-1);
        thread.IsQuiet = true;
        _begun += () =>
            Start(
                thread,
                () =>
                {
                    before?.Invoke();
                    thread.IsQuiet = false;
                    body();
                }
            );
    }

    /// <summary>Starts a further thread from within the execution.</summary>
    public void Spawn(Action body)
    {
        var creator = SimThread.Current;
        var thread = NewThread(creator.Number);
        thread.IsSpawned = true;
        Start(thread, body);
    }

    /// <summary>Runs to the end, or to where another execution goes on.</summary>
    public void Run()
    {
        _begun();
        for (var i = 0; i < _threads.Count; i++)
            Memory.Fence(i);
        for (var i = 0; i < _threads.Count; i++)
            Memory.Fence(i);
        if (_live > 0)
        {
            if (!_aborting)
                PassTurn(null);
            _done.WaitOne();
        }

        foreach (var thread in _threads)
            thread.GiveBack();
        if (!_aborting)
            Memory.Finish();
    }

    public void Dispose()
    {
        _started.Dispose();
        _done.Dispose();
        _owned.ForEach(static resource => resource.Dispose());
    }

    /// <summary>
    /// Looks at the state of the execution from outside: loads take no turn and give the newest values.
    /// </summary>
    public T Peek<T>(Func<T> look)
    {
        _peeked = this;
        try
        {
            return look();
        }
        finally
        {
            _peeked = null;
        }
    }

    /// <summary>Waits for the turn, then carries the operation out.</summary>
    public void Do(OperationKind kind, object? place, Action action, bool full = false)
    {
        var thread = SimThread.Current;
        if (_aborting)
            throw new ExecutionAborted();
        if (thread.IsQuiet)
        {
            // What happens before is seen by all.
            Memory.Fence(thread.Number);
            action();
            Memory.Fence(thread.Number);
            return;
        }

        thread.Pending = new Operation(
            kind,
            Objects.NumberOfPlace(place),
            full,
            kind != OperationKind.Load && Memory.HasLate(thread.Number)
        );
        thread.PendingGate = place as Gate;
        if (thread.IsStarting)
        {
            thread.IsStarting = false;
            _started.Set();
            thread.Go.WaitOne();
        }
        else
        {
            PassTurn(thread);
        }

        if (_aborting)
            throw new ExecutionAborted();
        action();
    }

    public void Note(FormattableString text) =>
        _log?.Add(FormattableString.Invariant($"T{SimThread.Current.Number}: {text}"));

    /// <summary>A thread by the order of its addition.</summary>
    public Thread ThreadOf(int number) => _threads[number].Thread;

    /// <summary>The oldest store of a thread's buffer reaches memory.</summary>
    public void Flush(int thread)
    {
        Memory.Flush(thread);
        _log?.Add($"T{thread}: store reaches memory");
    }

    public bool IsAlive(Thread thread)
    {
        var alive = true;
        var caller = SimThread.Current.Number;
        Do(
            OperationKind.IsAlive,
            null,
            () =>
            {
                var other = _threads.Find(candidate => ReferenceEquals(candidate.Thread, thread));
                alive = other is { IsFinished: false };
                if (!alive && other is not null)
                    Memory.Join(caller, other.Number);
            }
        );
        return alive;
    }

    private SimThread NewThread(int creator)
    {
        var thread = SimThread.Take(this, _threads.Count);
        _threads.Add(thread);
        Memory.AddThread(creator);
        return thread;
    }

    private void Start(SimThread thread, Action body)
    {
        _live++;
        thread.Begin(() => RunThread(thread, body));
        _started.WaitOne();
    }

    private void RunThread(SimThread thread, Action body)
    {
        try
        {
            body();
        }
        catch (ExecutionAborted)
        {
            // Wanted.
        }
        catch (Exception exception)
        {
            if (!_aborting)
            {
                _failure ??= Failure ?? exception;
                Abort(thread);
            }
        }

        thread.IsFinished = true;
        var wasStarting = thread.IsStarting;
        thread.IsStarting = false;
        if (Interlocked.Decrement(ref _live) == 0 && !wasStarting)
            _done.Set();
        else if (wasStarting)
            _started.Set();
        else if (!_aborting)
            PassTurn(null);
    }

    private void PassTurn(SimThread? from)
    {
        var next = _scheduler.ChooseNext();
        if (next is null)
        {
            Abort(from);
        }
        else if (!ReferenceEquals(next, from))
        {
            next.Go.Set();
            from?.Go.WaitOne();
        }
    }

    private void Abort(SimThread? from)
    {
        _aborting = true;

        // Looked up before the first one is released: after the last one the threads may belong to the next execution.
        SimThread[] waiting = [.. _threads.Where(thread => !ReferenceEquals(thread, from) && !thread.IsFinished)];
        foreach (var thread in waiting)
            thread.Go.Set();
    }
}
