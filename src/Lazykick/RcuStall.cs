namespace Lazykick;

/// <summary>A grace period that does not end.</summary>
/// <param name="Domain">The domain's name.</param>
/// <param name="GracePeriod">The number of the grace period.</param>
/// <param name="Waited">How long it has been waited for since the waiter stopped spinning.</param>
/// <param name="Blockers">The threads that it waits for.</param>
public sealed record RcuStall(string Domain, long GracePeriod, TimeSpan Waited, IReadOnlyList<RcuThreadInfo> Blockers)
{
    /// <summary>One line for logs: who blocks, and where each blocker registered.</summary>
    public override string ToString() =>
        $"grace period {GracePeriod} of domain '{Domain}' has been waiting for {Waited.TotalSeconds:0.0} s for "
        + string.Join(", ", Blockers.Select(blocker => $"{blocker.Name} (registered in {blocker.RegisteredIn})"));
}
