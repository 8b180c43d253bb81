using System.Runtime.InteropServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>Starts a domain's threads with a name, a priority, and on some CPUs.</summary>
/// <param name="name">The reclaimer's name.</param>
/// <param name="priority">Of the threads.</param>
/// <param name="cpus">Where they may run; empty for anywhere.</param>
/// <param name="notPlaced">Told the CPUs and the system's error where the system refuses them.</param>
internal sealed class ReclaimerThreads(
    string name,
    ThreadPriority priority,
    IEnumerable<int> cpus,
    Action<string, int> notPlaced
) : IThreadStarter
{
    private readonly int[] _cpus = [.. cpus];

    public void StartReclaimer(Action body) => Start(name, body);

    public void StartWaiter(Action body) => Start($"{name}, waiter", body);

    private void Start(string threadName, Action body) =>
        new Thread(() =>
        {
            if (_cpus.Length > 0 && !ThreadAffinity.TrySet(_cpus))
            {
                notPlaced(string.Join(',', _cpus), Marshal.GetLastPInvokeError());
            }

            body();
        })
        {
            IsBackground = true,
            Name = threadName,
            Priority = priority,
        }.Start();
}
