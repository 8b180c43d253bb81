namespace Lazykick.Checking.Memory;

/// <summary>
/// Finds states whose accesses in flight cannot all be completed (rule W17). Atomics of two CPUs have read, and each
/// keeps an older write of the other CPU from memory (rule A17): no execution passes through such a state.
/// </summary>
/// <remarks>
/// Why only half-done atomics of two CPUs or more lead into a dead end: the oldest outstanding access of a CPU waits
/// for nothing of its own CPU. So it waits for another CPU, and all that an access waits for there is an atomic between
/// its read and its write. Who waits for whom is a cycle of CPUs with one such atomic each. Why it suffices to look at
/// what is in flight: an access that is issued later adds to what the present ones wait for and takes nothing away.
/// </remarks>
/// <param name="cpus">CPUs.</param>
/// <param name="size">Most instances in a window.</param>
public sealed class DeadEnds(int cpus, int size)
{
    private readonly Instance[] _instances = new Instance[cpus * size];
    private readonly bool[] _holds = new bool[cpus * size];
    private readonly int[] _counts = new int[cpus];

    /// <summary>Whether an atomic of the window is between its read and its write.</summary>
    /// <param name="window">The instances, oldest first.</param>
    /// <returns>True when other CPUs may have to wait for it.</returns>
    public static bool HoldsLocation(ReadOnlySpan<Instance> window)
    {
        foreach (ref readonly var instance in window)
        {
            if (instance.Kind == InstanceKind.Rmw && instance.Progress == Progress.Read)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives the window of a CPU. What is behind an open branch is left out: it can be taken back.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    public void Set(int cpu, ReadOnlySpan<Instance> window)
    {
        var count = 0;
        while (
            count < window.Length
            && !(window[count].Kind == InstanceKind.Branch && window[count].Data != Knowledge.Final)
        )
        {
            var at = (cpu * size) + count;
            _instances[at] = window[count];
            _holds[at] =
                window[count].Kind == InstanceKind.Rmw
                && window[count].Progress == Progress.Read
                && Window.ReadMemory(window, count);
            count++;
        }

        _counts[cpu] = count;
    }

    /// <summary>
    /// Whether no order of the outstanding steps completes them all. Each CPU takes its steps oldest first here, an
    /// atomic its two halves one after the other. No step taken so makes another one wait, so that the order between
    /// CPUs does not matter.
    /// </summary>
    /// <returns>True when the state is a dead end.</returns>
    public bool IsDeadEnd()
    {
        var advanced = true;
        while (advanced)
        {
            advanced = false;
            for (var cpu = 0; cpu < cpus; cpu++)
            {
                advanced |= Advance(cpu);
            }
        }

        for (var cpu = 0; cpu < cpus; cpu++)
        {
            if (OldestPending(cpu) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    // Completes the oldest outstanding accesses of a CPU, as far as no other CPU is in the way.
    private bool Advance(int cpu)
    {
        var advanced = false;
        for (var at = OldestPending(cpu); at >= 0; at = OldestPending(cpu))
        {
            if (_instances[at].Writes && IsHeldByAnother(cpu, _instances[at].Location))
            {
                break;
            }

            _instances[at].Progress = Progress.Done;
            advanced = true;
        }

        return advanced;
    }

    private int OldestPending(int cpu)
    {
        for (var at = cpu * size; at < (cpu * size) + _counts[cpu]; at++)
        {
            if (_instances[at].AccessPending)
            {
                return at;
            }
        }

        return -1;
    }

    private bool IsHeldByAnother(int cpu, short location)
    {
        for (var other = 0; other < cpus; other++)
        {
            for (var at = other * size; other != cpu && at < (other * size) + _counts[other]; at++)
            {
                if (_holds[at] && _instances[at].Progress != Progress.Done && _instances[at].Location == location)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
