using Lazykick.Memory;

namespace Lazykick.Tests.Exploration;

/// <summary>
/// One execution: threads that take turns, one operation at a time, in the order that a path says. Whoever has the turn
/// chooses who is next, so that a thread that goes on costs no switch.
/// </summary>
internal sealed class Simulation : IDisposable
{
    /// <summary>What an entry of an array holds before something has been stored there.</summary>
    public const long NoObject = -1;

    private const int StepLimit = 5_000;

    [ThreadStatic]
    private static Simulation? _peeked;

    private readonly IPath _path;
    private readonly List<SimThread> _threads = [];
    private readonly List<Step> _enabled = [];
    private readonly Dictionary<Gate, SimThread> _owners = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Array, int), object> _elements = [];
    private readonly Dictionary<nint, object> _native = [];
    private readonly List<object> _published = [];
    private readonly AutoResetEvent _started = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly List<string>? _log;
    private int _live;
    private int _steps;
    private int _timeOuts;
    private int _last = -1;
    private Action _begun = static () => { };
    private volatile bool _aborting;

    public Simulation(IPath path, bool tso, Mutation mutation, bool log)
    {
        _path = path;
        Memory = tso ? new TsoMemory() : new ViewMemory(path);
        Mutation = mutation;
        _log = log ? [] : null;
    }

    /// <summary>The execution that the calling thread looks on from outside.</summary>
    public static Simulation? Peeked => _peeked;

    public IMemoryModel Memory { get; }

    public Mutation Mutation { get; }

    /// <summary>Whether waits report themselves as long, so that reaping and stall checks run.</summary>
    public bool LongWaits { get; set; }

    /// <summary>Whether looks at figures are steps of their own, as they are on a machine.</summary>
    public bool LooksAreSteps { get; set; }

    /// <summary>Whether there is work that nobody may sleep over.</summary>
    public Func<bool> HasWork { get; set; } = static () => false;

    /// <summary>The first exception of a thread, or a deadlock.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the execution was left because another one stands for it.</summary>
    public bool IsPruned { get; private set; }

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
            NumberOfPlace(place),
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

    public int ThreadCount => _threads.Count;

    /// <summary>A thread by the order of its addition.</summary>
    public Thread ThreadOf(int number) => _threads[number].Thread;

    public void Enter(Gate gate)
    {
        var thread = SimThread.Current;
        Do(
            OperationKind.EnterGate,
            gate,
            () =>
            {
                _owners[gate] = thread;
                Memory.AcquireFrom(thread.Number, gate);
            }
        );
    }

    public void Exit(Gate gate)
    {
        if (_aborting)
            return;
        Do(OperationKind.ExitGate, gate, () => GiveUp(gate));
    }

    public bool Wait(Gate gate, TimeSpan timeout)
    {
        var thread = SimThread.Current;
        Do(
            OperationKind.BeginWait,
            gate,
            () =>
            {
                GiveUp(gate);
                thread.IsPulsed = false;
                thread.MayTimeOut = timeout != Timeout.InfiniteTimeSpan;
            }
        );
        var pulsed = false;
        Do(
            OperationKind.EndWait,
            gate,
            () =>
            {
                // A pulse may come when the time is up already and the thread waits for the lock: then it is for
                // nobody.
                pulsed = thread.IsPulsed && !(thread.MayTimeOut && _timeOuts == 0 && _path.Choose(2) == 1);
                if (!pulsed)
                    _timeOuts++;
                _owners[gate] = thread;
                Memory.AcquireFrom(thread.Number, gate);
            }
        );
        return pulsed;
    }

    public void PulseAll(Gate gate)
    {
        foreach (var thread in _threads)
        {
            if (IsWaiting(thread) && ReferenceEquals(thread.PendingGate, gate))
                thread.IsPulsed = true;
        }
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

    /// <summary>A published object, or a value, as a number, as memory holds numbers.</summary>
    public long NumberOf(object value)
    {
        var index = _published.FindIndex(known =>
            ReferenceEquals(known, value) || (value is ValueType && value.Equals(known))
        );
        if (index >= 0)
            return index;
        _published.Add(value);
        return _published.Count - 1;
    }

    public object? ObjectOf(long number) => number == NoObject ? null : _published[(int)number];

    /// <summary>An entry of an array as a place.</summary>
    public object ElementOf(Array array, int index)
    {
        if (!_elements.TryGetValue((array, index), out var place))
        {
            _elements.Add((array, index), place = new object());
        }

        return place;
    }

    /// <summary>A piece of native memory as a place.</summary>
    public object NativeAt(nint address)
    {
        if (!_native.TryGetValue(address, out var place))
        {
            _native.Add(address, place = new object());
        }

        return place;
    }

    private int NumberOfPlace(object? place)
    {
        if (place is null)
            return Operation.Nowhere;
        if (!_places.TryGetValue(place, out var number))
            _places.Add(place, number = _places.Count);
        return number;
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
                Failure ??= exception;
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
        var next = ChooseNext();
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

    private SimThread? ChooseNext()
    {
        while (true)
        {
            CollectEnabled();
            if (_enabled.Count == 0)
            {
                Failure ??= new InvalidOperationException(
                    "Deadlock: "
                        + string.Join(
                            "; ",
                            _threads
                                .Where(thread => !thread.IsFinished)
                                .Select(thread => $"T{thread.Number} at {thread.Pending.Kind}")
                        )
                );
                return null;
            }

            if (++_steps > StepLimit)
            {
                Failure ??= new InvalidOperationException("The execution does not end.");
                return null;
            }

            if (_path.Choose(_enabled, _last) is not { } step)
            {
                IsPruned = true;
                return null;
            }

            if (step.Operation.Kind != OperationKind.Flush)
            {
                _last = step.Thread;
                return _threads[step.Thread];
            }

            Memory.Flush(step.Thread);
            _log?.Add($"T{step.Thread}: store reaches memory");
        }
    }

    private void CollectEnabled()
    {
        _enabled.Clear();
        foreach (var thread in _threads)
        {
            if (Memory.PendingFlush(thread.Number) is { } place)
                _enabled.Add(new Step(thread.Number, new Operation(OperationKind.Flush, NumberOfPlace(place))));
            if (!thread.IsFinished && !thread.IsQuiet && CanRun(thread))
                _enabled.Add(new Step(thread.Number, thread.Pending));
        }

        // When nothing else can happen time passes; a time-out that hits earlier is tried once.
        if (
            _enabled.Count == 0
            && _threads.Find(thread => thread.MayTimeOut && IsWaiting(thread) && IsFree(thread.PendingGate!))
                is { } idle
        )
        {
            if (Peek(HasWork) || _threads.Exists(thread => !thread.IsFinished && !thread.IsSpawned))
            {
                Failure ??= new InvalidOperationException(
                    $"A wake-up was lost: T{idle.Number} sleeps over its work until its time is up."
                );
                return;
            }

            _enabled.Add(new Step(idle.Number, idle.Pending));
        }
    }

    private static bool IsWaiting(SimThread thread) =>
        !thread.IsFinished && thread.Pending.Kind == OperationKind.EndWait;

    private bool CanRun(SimThread thread) =>
        Memory.CanRun(thread.Number, thread.Pending)
        && thread.Pending.Kind switch
        {
            OperationKind.EnterGate => IsFree(thread.PendingGate!),
            OperationKind.EndWait => IsFree(thread.PendingGate!)
                && (thread.IsPulsed || (thread.MayTimeOut && _timeOuts == 0)),
            OperationKind.Pause => Memory.HasNews(thread.Number)
                || (LongWaits && (!thread.HasSlept || _threads.Exists(other => other.IsFinished))),
            _ => true,
        };

    private bool IsFree(Gate gate) => Mutation == Mutation.NoLocks || !_owners.ContainsKey(gate);

    private void GiveUp(Gate gate)
    {
        _owners.Remove(gate);
        Memory.ReleaseTo(SimThread.Current.Number, gate);
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
