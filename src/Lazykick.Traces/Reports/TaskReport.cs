namespace Lazykick.Traces.Reports;

/// <summary>Kicks of all tasks of one name, or of one cgroup.</summary>
/// <param name="Name">The tasks' name or the cgroup's path.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Kicks">Kicks asked for; each target counts.</param>
/// <param name="Interrupts">Interrupts sent for them.</param>
/// <param name="Needless">Those of the kicks that were needless.</param>
/// <param name="Stolen">
/// Time of the breaks and wake-ups that they were the first to cause, in units of the trace clock.
/// </param>
/// <param name="Targets">The CPUs that were kicked.</param>
public sealed record TaskReport(
    string Name,
    int Tasks,
    long Kicks,
    long Interrupts,
    long Needless,
    ulong Stolen,
    IReadOnlyList<int> Targets
);
