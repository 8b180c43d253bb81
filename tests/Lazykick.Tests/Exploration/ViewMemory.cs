namespace Lazykick.Tests.Exploration;

/// <summary>
/// Weak memory as views (after the promising semantics, POPL 2017, without promises): each place has a history of
/// stores, each thread a lower bound per place on what it may still read. Loads may be stale, stores may stay unseen;
/// acquire and release carry views along, full fences join one global view. Weaker than x86 and Arm in what loads may
/// give. Not covered: stores that overtake older loads, except for loads issued as late ones, and stores that enter the
/// history other than at its end.
/// </summary>
internal sealed class ViewMemory(IChoices choices) : IMemoryModel
{
    private readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<List<Message>> _histories = [];
    private readonly List<ThreadState> _threads = [];
    private readonly Dictionary<object, int[]> _tokens = new(ReferenceEqualityComparer.Instance);
    private int[] _global = [];

    public void AddThread(int creator)
    {
        ThreadState state = new();
        if (creator >= 0)
            Join(ref state.View, _threads[creator].View);
        _threads.Add(state);
    }

    public long Load(int thread, object place, long initial, bool acquire)
    {
        var state = _threads[thread];
        var number = Number(place, initial);
        var message = Read(state, number);
        if (acquire)
            Join(ref state.View, message.View);
        else
            Join(ref state.Unacquired, message.View);
        state.Read.Add(number);
        return message.Value;
    }

    public void LoadLate(int thread, object place, long initial, LateRead result)
    {
        var number = Number(place, initial);
        var state = _threads[thread];
        state.Late.Add((number, At(state.View, number), result));
    }

    public bool HasLate(int thread) => _threads[thread].Late.Count > 0;

    public void Store(int thread, object place, long initial, long value, bool release)
    {
        var state = _threads[thread];
        if (release)
            DecideLate(state);
        var number = Number(place, initial);
        Append(state, number, value, release ? state.View : state.Released);
    }

    public long ReadModifyWrite(int thread, object place, long initial, Func<long, long> change, bool full)
    {
        var state = _threads[thread];
        if (full)
            Fence(thread);
        var number = Number(place, initial);
        var old = _histories[number][^1];
        Set(ref state.View, number, _histories[number].Count - 1);
        Join(ref state.View, old.View);

        // The new store goes on carrying what the old one did: a release sequence.
        Append(state, number, change(old.Value), state.View);
        if (full)
            Fence(thread);
        return old.Value;
    }

    public long CompareExchange(int thread, object place, long initial, long value, long comparand)
    {
        var number = Number(place, initial);
        var newest = _histories[number][^1];
        if (newest.Value == comparand)
            return ReadModifyWrite(thread, place, initial, _ => value, full: true);
        var state = _threads[thread];
        Set(ref state.View, number, _histories[number].Count - 1);
        Join(ref state.View, newest.View);
        state.Read.Add(number);
        return newest.Value;
    }

    public long Newest(object place, long initial) => _histories[Number(place, initial)][^1].Value;

    public void Fence(int thread)
    {
        var state = _threads[thread];
        DecideLate(state);
        Join(ref state.View, state.Unacquired);
        Join(ref state.View, _global);
        Join(ref _global, state.View);
        state.Released = [.. state.View];
    }

    public void AcquireFrom(int thread, object token)
    {
        if (_tokens.TryGetValue(token, out var view))
            Join(ref _threads[thread].View, view);
    }

    public void ReleaseTo(int thread, object token)
    {
        var state = _threads[thread];
        DecideLate(state);
        var view = _tokens.GetValueOrDefault(token, []);
        Join(ref view, state.View);
        _tokens[token] = view;
    }

    public void Join(int thread, int ended)
    {
        DecideLate(_threads[ended]);
        Join(ref _threads[thread].View, _threads[ended].View);
    }

    public bool CanRun(int thread, in Operation operation) => true;

    public object? PendingFlush(int thread) => null;

    public void Flush(int thread) => throw new NotSupportedException();

    public bool HasNews(int thread)
    {
        var state = _threads[thread];
        return state.Read.Any(number => At(state.View, number) < _histories[number].Count - 1);
    }

    public void TakeNews(int thread)
    {
        var state = _threads[thread];
        foreach (var number in state.Read)
            Set(ref state.View, number, _histories[number].Count - 1);
        state.Read.Clear();
    }

    public void Finish()
    {
        foreach (var state in _threads)
            DecideLate(state);
    }

    private Message Read(ThreadState state, int number)
    {
        var history = _histories[number];
        var floor = At(state.View, number);
        var time = history.Count - 1 - choices.Choose(history.Count - floor);
        Set(ref state.View, number, time);
        return history[time];
    }

    private void DecideLate(ThreadState state)
    {
        foreach ((var number, var floor, var result) in state.Late)
        {
            var history = _histories[number];
            result.Value = history[history.Count - 1 - choices.Choose(history.Count - floor)].Value;
        }

        state.Late.Clear();
    }

    private void Append(ThreadState state, int number, long value, int[] view)
    {
        var time = _histories[number].Count;
        int[] carried = [.. view];
        Set(ref carried, number, time);
        _histories[number].Add(new Message(value, carried));
        Set(ref state.View, number, time);
    }

    private int Number(object place, long initial)
    {
        if (!_numbers.TryGetValue(place, out var number))
        {
            number = _histories.Count;
            _numbers.Add(place, number);
            _histories.Add([new Message(initial, [])]);
        }

        return number;
    }

    private static int At(int[] view, int number) => number < view.Length ? view[number] : 0;

    private static void Set(ref int[] view, int number, int time)
    {
        if (number >= view.Length)
            Array.Resize(ref view, number + 1);
        view[number] = time;
    }

    private static void Join(ref int[] view, int[] other)
    {
        if (other.Length > view.Length)
            Array.Resize(ref view, other.Length);
        for (var i = 0; i < other.Length; i++)
            view[i] = Math.Max(view[i], other[i]);
    }

    private sealed record Message(long Value, int[] View);

    private sealed class ThreadState
    {
        public int[] View = [];
        public int[] Unacquired = [];
        public int[] Released = [];
        public readonly HashSet<int> Read = [];
        public readonly List<(int Number, int Floor, LateRead Result)> Late = [];
    }
}
