using System.Diagnostics;

namespace Lazykick;

/// <summary>What the debugger shows of a domain: who blocks a grace period first.</summary>
internal sealed class RcuDomainDebugView(RcuDomain domain)
{
    public string Name => domain.Name;

    public long GracePeriod => domain.GracePeriod;

    public long Pending => domain.PendingCount;

    public long PendingBytes => domain.PendingBytes;

    /// <summary>Active threads that have not seen the last grace period begin.</summary>
    public RcuThreadInfo[] Blocking =>
        [
            .. domain
                .ListThreads()
                .Where(thread => thread.State == RcuThreadState.Active && thread.GracePeriod < domain.GracePeriod),
        ];

    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public IReadOnlyList<RcuThreadInfo> Threads => domain.ListThreads();
}
