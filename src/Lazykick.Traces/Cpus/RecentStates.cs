using Lazykick.Traces.States;

namespace Lazykick.Traces.Cpus;

/// <summary>The last changes of a CPU's state: what it was a moment ago, when a kick asked.</summary>
internal sealed class RecentStates
{
    private const int Kept = 16;

    private readonly (ulong Time, CpuState Before)[] _changes = new (ulong, CpuState)[Kept];
    private uint _count;

    /// <summary>The CPU leaves a state.</summary>
    public void Add(ulong time, CpuState before) => _changes[_count++ % Kept] = (time, before);

    /// <summary>The state at a time. Further back than the changes that are kept it is the oldest one known.</summary>
    public CpuState At(ulong time, CpuState now)
    {
        var state = now;
        for (var back = 1U; back <= Math.Min(_count, Kept); back++)
        {
            ref var change = ref _changes[(_count - back) % Kept];
            if (change.Time <= time)
                break;
            state = change.Before;
        }

        return state;
    }

    /// <summary>The states since a time, a bit each.</summary>
    public uint Since(ulong time, CpuState now)
    {
        var states = 1U << (int)now;
        for (var back = 1U; back <= Math.Min(_count, Kept); back++)
        {
            ref var change = ref _changes[(_count - back) % Kept];
            if (change.Time <= time)
                break;
            states |= 1U << (int)change.Before;
        }

        return states;
    }
}
