namespace Lazykick.Core;

/// <summary>What waits, since when, and what for.</summary>
/// <param name="Kind">What waits.</param>
/// <param name="GracePeriod">The grace period that is waited for; 0 where none is.</param>
/// <param name="Waited">For how long.</param>
/// <param name="Blockers">The threads that a grace period waits for.</param>
/// <param name="Callback">The callback that is running, or null.</param>
internal readonly record struct StallReport(
    RcuStallKind Kind,
    long GracePeriod,
    TimeSpan Waited,
    IReadOnlyList<Blocker> Blockers,
    string? Callback
);
