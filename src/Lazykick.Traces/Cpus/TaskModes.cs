namespace Lazykick.Traces.Cpus;

/// <summary>The mode of each task by pid; at most 4 MB, the largest pid_max.</summary>
internal sealed class TaskModes
{
    private const int PageBits = 12;
    private const int LargestPid = 1 << 22;

    private readonly TaskMode[]?[] _pages = new TaskMode[LargestPid >> PageBits][];

    public TaskMode this[int pid]
    {
        get =>
            (uint)pid < LargestPid && _pages[pid >> PageBits] is { } page
                ? page[pid & ((1 << PageBits) - 1)]
                : TaskMode.Unknown;
        set
        {
            if ((uint)pid >= LargestPid)
                return;
            var page = _pages[pid >> PageBits] ??= new TaskMode[1 << PageBits];
            page[pid & ((1 << PageBits) - 1)] = value;
        }
    }
}
