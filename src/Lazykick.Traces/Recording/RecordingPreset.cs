namespace Lazykick.Traces.Recording;

/// <summary>How much a recording takes, and costs.</summary>
public enum RecordingPreset
{
    /// <summary>
    /// Who interrupts which CPU in which state, and for which timer: docs/design/performance.md has its cost.
    /// </summary>
    Census,

    /// <summary>
    /// Also what the recorded CPUs did around each interruption: system calls, faults, wake-ups, work items, and a
    /// kernel stack at each interrupt, which tells the interrupted state for certain (0.4 to 2 microseconds each).
    /// </summary>
    Exact,

    /// <summary>Also what every other CPU did: the sender's system call that led to a kick.</summary>
    Deep,
}
