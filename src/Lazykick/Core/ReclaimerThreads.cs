using System.Runtime.InteropServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>Starts a domain's threads with the name, the priority and on the CPUs that its options say.</summary>
internal sealed class ReclaimerThreads : IThreadStarter
{
    private readonly string _name;
    private readonly ThreadPriority _priority;
    private readonly int[] _cpus;
    private readonly Action<string, int> _notPlaced;

    /// <param name="options">The domain's settings.</param>
    /// <param name="notPlaced">Told the CPUs and the system's error where the system refuses them.</param>
    public ReclaimerThreads(RcuDomainOptions options, Action<string, int> notPlaced)
    {
        _notPlaced = notPlaced;
        _name = options.ReclaimerName ?? $"Lazykick reclaimer ({options.Name})";
        _priority = options.ReclaimerPriority;
        _cpus = [.. options.ReclaimerCpus];
    }

    public void StartReclaimer(Action body) => Start(_name, body);

    public void StartWaiter(Action body) => Start($"{_name}, waiter", body);

    private void Start(string name, Action body) =>
        new Thread(() =>
        {
            if (_cpus.Length > 0 && !ThreadAffinity.TrySet(_cpus))
            {
                _notPlaced(string.Join(',', _cpus), Marshal.GetLastPInvokeError());
            }

            body();
        })
        {
            IsBackground = true,
            Name = name,
            Priority = _priority,
        }.Start();
}
