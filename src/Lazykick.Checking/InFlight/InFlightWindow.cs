using Lazykick.Checking.Memory;

namespace Lazykick.Checking.InFlight;

/// <summary>
/// What one CPU has in flight: entries of a state, oldest first, and the instances that they are to the ordering rules.
/// A front end derives from this. It says what an entry is and how values flow through it; what happens to entries is
/// written here and in <see cref="InFlightMachine{TWord, TWindow}"/>, step by step as in docs/reference/memory.md.
/// </summary>
/// <typeparam name="TWord">What a state is an array of.</typeparam>
/// <param name="rules">The ordering rules that hold.</param>
/// <param name="entries">Most entries at a time.</param>
/// <param name="capacity">Most instances at a time.</param>
internal abstract class InFlightWindow<TWord>(RuleSet rules, int entries, int capacity)
    where TWord : unmanaged
{
    private readonly Instance[] _instances = new Instance[capacity];
    private readonly int[] _entryOf = new int[capacity];

    /// <summary>How many instances there are.</summary>
    public int Count { get; private set; }

    /// <summary>The instances of the state that was read last, oldest first.</summary>
    public Span<Instance> Instances => _instances.AsSpan(0, Count);

    /// <summary>The entry that an instance belongs to.</summary>
    public int EntryOf(int instance) => _entryOf[instance];

    /// <summary>The first instance of an entry: its access, if it has one.</summary>
    public int AccessOf(int entry) => Array.IndexOf(_entryOf, entry, 0, Count);

    /// <summary><b>Fill</b>: reads the entries of a state, oldest first.</summary>
    public Span<Instance> Fill(ReadOnlySpan<TWord> state)
    {
        FillOldest(state, entries);
        if (Count > 0)
            Window.Settle(rules, Instances);
        return Instances;
    }

    /// <summary>Reads so many of the oldest entries, and does not settle their fences.</summary>
    protected void FillOldest(ReadOnlySpan<TWord> state, int most)
    {
        Count = 0;
        BeginFill(state);
        for (var entry = 0; entry < most && Holds(state, entry); entry++)
            Describe(state, entry);
    }

    /// <summary><b>Issue</b>: where another entry goes, behind the others; -1 if there is no room for it.</summary>
    public int Room(ReadOnlySpan<TWord> state)
    {
        for (var entry = 0; entry < entries; entry++)
        {
            if (!Holds(state, entry))
                return entry;
        }

        return -1;
    }

    /// <summary>
    /// <b>Mark</b>: another CPU writes a location, and the reads that this overwrites are marked. Asks what
    /// <see cref="Fill"/> read last; the state must have the same entries of this CPU.
    /// </summary>
    /// <param name="state">Gets the marks.</param>
    /// <param name="location">The location.</param>
    /// <param name="marked">There was something to mark.</param>
    /// <returns>False: the write is not possible within an atomic of this CPU (A17).</returns>
    public bool Mark(Span<TWord> state, short location, out bool marked)
    {
        marked = false;
        if (!Window.AdmitsWrite(rules, Instances, location))
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (_instances[i].Overwritten || !Window.IsOverwritten(rules, Instances, i, location))
                continue;
            SetOverwritten(state, _entryOf[i], true);
            marked = true;
        }

        return true;
    }

    /// <summary>
    /// <b>Void</b> and <b>retire</b>: drops what cannot be completed, takes finished entries out, oldest first, and
    /// drops marks that no longer matter.
    /// </summary>
    /// <param name="state">The state after a step of some CPU.</param>
    /// <returns>False: the execution cannot be completed, or a guess was wrong.</returns>
    public bool Retire(Span<TWord> state)
    {
        if (Fill(state).IsEmpty)
            return true;
        if (Window.IsVoid(rules, Instances) || !Follow(state))
            return false;
        var finished = 0;
        for (var i = 0; i < Count && Window.CanRetire(_instances[i]) && MayLeave(state, i); i++)
        {
            if (i + 1 == Count || _entryOf[i + 1] != _entryOf[i])
                finished = _entryOf[i] + 1;
        }

        if (Window.DropMarks(Instances))
        {
            for (var i = 0; i < Count; i++)
            {
                if (_instances[i].Reads)
                    SetOverwritten(state, _entryOf[i], _instances[i].Overwritten);
            }
        }

        Leave(state, finished);
        return true;
    }

    /// <summary>
    /// A step that takes no entry, such as a DSB or a store to a device, has to wait for what is in flight. Asks what
    /// <see cref="Fill"/> read last.
    /// </summary>
    /// <param name="control">What it is to the ordering rules.</param>
    /// <param name="step">What it wants to do.</param>
    public bool Blocks(in Instance control, AccessStep step)
    {
        _instances[Count] = control;
        return Window.Blocker(rules, _instances.AsSpan(0, Count + 1), Count, step) != 0;
    }

    /// <summary>Adds an instance behind the others; for <see cref="Describe"/>.</summary>
    protected ref Instance Add(int entry, in Instance instance)
    {
        _entryOf[Count] = entry;
        _instances[Count] = instance;
        return ref _instances[Count++];
    }

    // What an entry is.

    /// <summary>There is an entry in a place. Places are taken from the first on, without gaps.</summary>
    public abstract bool Holds(ReadOnlySpan<TWord> state, int entry);

    /// <summary>Values as they are before the oldest entry.</summary>
    protected virtual void BeginFill(ReadOnlySpan<TWord> state) { }

    /// <summary>
    /// Adds the instances of an entry, by <see cref="Add"/>, with how far its address and its value are known. The
    /// entries before it have been described.
    /// </summary>
    protected abstract void Describe(ReadOnlySpan<TWord> state, int entry);

    /// <summary>Keeps how far the access of an entry has come.</summary>
    public abstract void SetProgress(Span<TWord> state, int entry, Progress progress);

    /// <summary>Keeps the mark that what an entry read was overwritten.</summary>
    protected abstract void SetOverwritten(Span<TWord> state, int entry, bool overwritten);

    // How values flow. These ask what Fill read last; the state has the same entries, and may have come further.

    /// <summary>A read returns a value.</summary>
    /// <param name="state">The state; gets the value.</param>
    /// <param name="instance">The read.</param>
    /// <param name="source">The older write of this CPU that it takes the value of, or
    /// <see cref="Window.FromMemory"/>.</param>
    /// <returns>False: it cannot return that value.</returns>
    public abstract bool TakeValue(Span<TWord> state, int instance, int source);

    /// <summary>
    /// An atomic that has read is going to write, and not a compare-and-swap that found something else.
    /// </summary>
    public virtual bool WillWrite(int instance) => true;

    /// <summary>A write becomes visible to every CPU, or maintenance takes place.</summary>
    public abstract void TakeEffect(Span<TWord> state, int instance);

    // What follows.

    /// <summary>
    /// What follows at once when another step was taken, before anything leaves: guesses are compared with what is
    /// known now.
    /// </summary>
    /// <returns>False: one was wrong.</returns>
    protected abstract bool Follow(Span<TWord> state);

    /// <summary>The front end lets a finished instance leave.</summary>
    protected virtual bool MayLeave(ReadOnlySpan<TWord> state, int instance) => true;

    /// <summary>Takes the oldest entries out of a state, with what follows from their leaving.</summary>
    protected abstract void Leave(Span<TWord> state, int entries);
}
