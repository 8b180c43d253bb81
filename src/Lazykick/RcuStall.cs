namespace Lazykick;

/// <summary>Something that does not end: what waits, for how long, and what for.</summary>
/// <param name="Domain">The domain's name.</param>
/// <param name="Kind">What does not end.</param>
/// <param name="GracePeriod">The number of the grace period that is waited for; 0 where none is.</param>
/// <param name="Waited">How long it has been going on: a grace period since its waiter stopped spinning, the others
/// since they were first seen.</param>
/// <param name="Blockers">The threads that are waited for: readers in their scopes.</param>
/// <param name="Callback">The callback that is running, where that is what is waited for; otherwise null.</param>
public sealed record RcuStall(
    string Domain,
    RcuStallKind Kind,
    long GracePeriod,
    TimeSpan Waited,
    IReadOnlyList<RcuThreadInfo> Blockers,
    string? Callback
)
{
    /// <summary>One line for logs: what waits, who blocks, and where each blocker registered or first read.</summary>
    public override string ToString()
    {
        var subject = Kind switch
        {
            RcuStallKind.Callback => $"callback {Callback} of domain '{Domain}' has been running",
            RcuStallKind.Writer => $"a writer of domain '{Domain}' has been waiting for room",
            RcuStallKind.Dispose => $"the disposal of domain '{Domain}' has been waiting",
            _ => $"grace period {GracePeriod} of domain '{Domain}' has been waiting",
        };
        return $"{subject} for {Waited.TotalSeconds:0.0} s{Cause()}";
    }

    private string Cause()
    {
        if (Blockers.Count > 0)
        {
            return " for "
                + string.Join(", ", Blockers.Select(static blocker => $"{blocker.Name} ({blocker.Origin})"));
        }

        return Callback is null || Kind == RcuStallKind.Callback ? "" : $" behind callback {Callback}";
    }
}
