using System.Text;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Cpus;

/// <summary>Which pids are the kernel's own threads, by the names that the trace has.</summary>
internal sealed class KernelThreadNames(TaskNames names)
{
    // More pids than any machine has at once; a damaged trace could invent any number.
    private const int MostPids = 1 << 16;

    private readonly Dictionary<int, bool> _known = [];

    public bool IsKernelThread(int pid)
    {
        if (_known.TryGetValue(pid, out var known))
            return known;
        known = names.Find(pid) is { } name && KernelThreads.IsName(Encoding.UTF8.GetBytes(name));
        if (_known.Count < MostPids)
            _known[pid] = known;
        return known;
    }
}
