using Lazykick.Checking.Memory;

namespace Lazykick.Checking.InFlight;

/// <summary>
/// The one machine of accesses in flight, for schemes and for litmus tests: which step an access can take next, and
/// what that step does to the accesses of all CPUs.
/// </summary>
/// <typeparam name="TWord">What a state is an array of.</typeparam>
/// <typeparam name="TWindow">What a CPU has in flight, as a front end reads it.</typeparam>
/// <param name="rules">The ordering rules that hold.</param>
/// <param name="now">By CPU: what is in flight in the state that is being expanded.</param>
/// <param name="after">By CPU: the same of a successor.</param>
internal sealed class InFlightMachine<TWord, TWindow>(RuleSet rules, TWindow[] now, TWindow[] after)
    where TWord : unmanaged
    where TWindow : InFlightWindow<TWord>
{
    private readonly TWindow[] _now = now;
    private readonly TWindow[] _after = after;

    /// <summary>Begins to expand a state: <b>fills</b> the windows of all CPUs.</summary>
    public void Begin(ReadOnlySpan<TWord> state)
    {
        foreach (var window in _now)
            window.Fill(state);
    }

    /// <summary>
    /// The step that an instance can take now and that other CPUs can notice: to be taken by <see cref="Satisfy"/> if
    /// it is a read, else by <see cref="Perform"/>.
    /// </summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="source">For a read: the older write of its CPU whose value it takes, or
    /// <see cref="Window.FromMemory"/>.</param>
    /// <returns>Null when it has none, or has to wait.</returns>
    public AccessStep? Next(int cpu, int instance, out int source)
    {
        var instances = _now[cpu].Instances;
        var step = Window.Next(rules, instances, instance, out source);
        var isAtomic = step == AccessStep.Read && instances[instance].Kind == InstanceKind.Rmw;
        return isAtomic && AnotherIsWithinAtomic(cpu, instances[instance].Location) ? null : step;
    }

    /// <summary>
    /// <b>Satisfy</b>: a read returns its value. Where an atomic takes both its steps at once, it writes, too.
    /// </summary>
    /// <param name="next">The state; becomes the successor.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="instance">The read.</param>
    /// <param name="source">What <see cref="Next"/> gave.</param>
    /// <param name="touched">The CPUs whose entries changed, a bit each.</param>
    /// <param name="wrote">The atomic has written, too.</param>
    /// <returns>False: there is no such successor.</returns>
    public bool Satisfy(Span<TWord> next, int cpu, int instance, int source, out uint touched, out bool wrote)
    {
        var window = _now[cpu];
        touched = 1u << cpu;
        wrote = false;
        if (!window.TakeValue(next, instance, source))
            return false;
        var isAtomic = window.Instances[instance].Kind == InstanceKind.Rmw;
        window.SetProgress(next, window.EntryOf(instance), isAtomic ? Progress.Read : Progress.Done);
        if (!isAtomic || !Window.AtomicRmw(rules))
            return true;
        window = _after[cpu];
        window.Fill(next);
        if (window.WillWrite(instance))
            return wrote = Write(next, cpu, window, instance, ref touched);
        window.SetProgress(next, window.EntryOf(instance), Progress.Done);
        return true;
    }

    /// <summary><b>Perform</b>: a write becomes visible to every CPU, or maintenance takes place.</summary>
    /// <param name="next">The state; becomes the successor.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="instance">The write, or the maintenance.</param>
    /// <param name="touched">The CPUs whose entries changed, a bit each.</param>
    /// <returns>False: there is no such successor.</returns>
    public bool Perform(Span<TWord> next, int cpu, int instance, out uint touched)
    {
        touched = 1u << cpu;
        return Write(next, cpu, _now[cpu], instance, ref touched);
    }

    private bool Write(Span<TWord> next, int cpu, TWindow window, int instance, ref uint touched)
    {
        ref readonly var access = ref window.Instances[instance];
        if (access.Writes && !Mark(next, cpu, access.Location, ref touched))
            return false;
        window.SetProgress(next, window.EntryOf(instance), Progress.Done);
        window.TakeEffect(next, instance);
        return true;
    }

    /// <summary>
    /// <b>Mark</b>: a write of one CPU marks the reads of the others that it overwrites, and is not possible within
    /// their atomics (A17, A19).
    /// </summary>
    /// <param name="next">The successor; gets the marks.</param>
    /// <param name="cpu">The CPU that writes.</param>
    /// <param name="location">The location.</param>
    /// <param name="touched">Gets the bits of those that were marked.</param>
    /// <returns>False: the write is not possible now.</returns>
    public bool Mark(Span<TWord> next, int cpu, short location, ref uint touched)
    {
        for (var other = 0; other < _now.Length; other++)
        {
            if (other == cpu || _now[other].Count == 0)
                continue;
            if (!_now[other].Mark(next, location, out var marked))
                return false;
            touched |= marked ? 1u << other : 0;
        }

        return true;
    }

    /// <summary><b>Void</b> and <b>retire</b>, for the CPUs whose entries changed.</summary>
    /// <returns>False: the execution cannot be completed.</returns>
    public bool Retire(Span<TWord> next, uint touched)
    {
        for (var cpu = 0; cpu < _after.Length; cpu++)
        {
            if ((touched >> cpu & 1) != 0 && !_after[cpu].Retire(next))
                return false;
        }

        return true;
    }

    // Another CPU is between the two halves of an atomic on the location: this one could not complete, nor could that.
    private bool AnotherIsWithinAtomic(int cpu, short location)
    {
        for (var other = 0; other < _now.Length; other++)
        {
            if (other != cpu && !Window.AdmitsWrite(rules, _now[other].Instances, location))
                return true;
        }

        return false;
    }
}
