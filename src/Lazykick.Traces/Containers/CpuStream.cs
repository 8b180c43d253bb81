using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers;

/// <summary>Where the events of one CPU lie, and how to walk them any number of times.</summary>
internal abstract class CpuStream(int cpu)
{
    public int Cpu { get; } = cpu;

    /// <summary>Bytes in the file; 0 means that there are no events.</summary>
    public abstract long Bytes { get; }

    /// <summary>Starts a walk with a buffer of its own.</summary>
    /// <param name="dispatch">Which events to deliver.</param>
    /// <param name="blockBytes">About how much to read at once.</param>
    public abstract CpuEventCursor Open(EventDispatch dispatch, int blockBytes);
}
