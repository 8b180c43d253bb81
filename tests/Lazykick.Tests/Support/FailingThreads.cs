using Lazykick.Core;

namespace Lazykick.Tests.Support;

/// <summary>A system that gives no thread when it is told so, as a container at its limit of processes.</summary>
internal sealed class FailingThreads : IThreadStarter
{
    public bool Fails { get; set; }

    public void StartReclaimer(Action body) => Start(body);

    public void StartWaiter(Action body) => Start(body);

    private void Start(Action body)
    {
        if (Fails)
            throw new NotSupportedException("no thread");
        new Thread(() => body()) { IsBackground = true }.Start();
    }
}
