namespace Lazykick;

/// <summary>The queue of retired resources has come to a limit: writers run ahead of readers.</summary>
/// <param name="Domain">The domain's name.</param>
/// <param name="Pending">Retired resources whose callbacks have not run yet.</param>
/// <param name="PendingBytes">Bytes that they hold, as their retirers said.</param>
/// <param name="ActiveThreads">Threads that are in a read scope or an active region, and so may be what is waited
/// for.</param>
public sealed record RcuPressure(
    string Domain,
    long Pending,
    long PendingBytes,
    IReadOnlyList<RcuThreadInfo> ActiveThreads
)
{
    /// <summary>What is pending, and which threads may hold it up.</summary>
    public override string ToString() =>
        $"domain '{Domain}' is at its limit: {Pending} callbacks, {PendingBytes} bytes pending; active: "
        + (ActiveThreads.Count == 0 ? "no thread" : string.Join(", ", ActiveThreads));
}
