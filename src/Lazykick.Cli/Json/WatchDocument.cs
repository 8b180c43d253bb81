namespace Lazykick.Cli.Json;

/// <summary>One second of <c>watch</c>, for programs: docs/reference/json.md.</summary>
/// <param name="Schema">Name and version of the form.</param>
/// <param name="Time">Of the end of the second: UTC, ISO 8601.</param>
/// <param name="Seconds">Length of the stretch that the rates are for.</param>
/// <param name="LostEvents">Events that the kernel lost since the begin.</param>
/// <param name="Cpus">One for each watched CPU.</param>
/// <param name="Causes">What broke into user mode and guests, the most stolen time first.</param>
/// <param name="Wakes">What woke idle CPUs, the most often first.</param>
/// <param name="Senders">Who kicked, the most stolen time first.</param>
/// <param name="Limits">What cannot be told on this machine, and why, in sentences.</param>
internal sealed record WatchDocument(
    string Schema,
    DateTime Time,
    double Seconds,
    long LostEvents,
    IReadOnlyList<WatchDocument.WatchedCpu> Cpus,
    IReadOnlyList<WatchDocument.WatchedCause> Causes,
    IReadOnlyList<WatchDocument.WatchedCause> Wakes,
    IReadOnlyList<WatchDocument.WatchedSender> Senders,
    IReadOnlyList<string> Limits
)
{
    /// <summary>
    /// What a CPU did: shares from 0 to 1, rates a second. Null is what the kernel's events cannot tell.
    /// </summary>
    internal sealed record WatchedCpu(
        int Cpu,
        double User,
        double Idle,
        double Guest,
        double Kernel,
        double Unknown,
        double? BreaksPerSecond,
        double? StolenMicrosecondsPerSecond,
        double KicksPerSecond,
        double? OwnEntriesPerSecond,
        long? BreaksSinceStart,
        double? LongestMicroseconds
    );

    /// <summary>Breaks or wake-ups of one cause; of wake-ups no time.</summary>
    internal sealed record WatchedCause(
        string Cause,
        string Interrupt,
        string? Device,
        IReadOnlyList<string> Functions,
        IReadOnlyList<string>? SoftIrqs,
        string? Cure,
        IReadOnlyList<WatchedTask> Senders,
        double PerSecond,
        double? StolenMicrosecondsPerSecond,
        double? LongestMicroseconds
    );

    /// <summary>A task that sent what caused them.</summary>
    internal sealed record WatchedTask(string Task, double PerSecond, double? StolenMicrosecondsPerSecond);

    /// <summary>A task that kicks from one call for one function.</summary>
    internal sealed record WatchedSender(
        string? Task,
        int Pid,
        string? Function,
        string? CallSite,
        string? Class,
        string? Cure,
        IReadOnlyList<int> Targets,
        double KicksPerSecond,
        double InterruptsPerSecond,
        double StolenMicrosecondsPerSecond
    );
}
