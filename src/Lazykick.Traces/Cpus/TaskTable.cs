namespace Lazykick.Traces.Cpus;

/// <summary>Something of each task by pid; not more than the largest pid_max has room.</summary>
/// <typeparam name="T">What is kept; the default for a task of which nothing is known.</typeparam>
internal sealed class TaskTable<T>
    where T : struct
{
    private const int PageBits = 12;
    private const int LargestPid = 1 << 22;

    private readonly T[]?[] _pages = new T[LargestPid >> PageBits][];

    public T this[int pid]
    {
        get =>
            (uint)pid < LargestPid && _pages[pid >> PageBits] is { } page ? page[pid & ((1 << PageBits) - 1)] : default;
        set
        {
            if ((uint)pid >= LargestPid)
                return;
            var page = _pages[pid >> PageBits] ??= new T[1 << PageBits];
            page[pid & ((1 << PageBits) - 1)] = value;
        }
    }
}
