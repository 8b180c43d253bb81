namespace Lazykick.Cli.Json;

/// <summary>One second of <c>watch</c>, for programs: docs/reference/json.md.</summary>
/// <param name="Schema">Name and version of the form.</param>
/// <param name="Time">Of the end of the second: UTC, ISO 8601.</param>
/// <param name="Seconds">Length of the stretch that the rates are for.</param>
/// <param name="LostEvents">Events that the kernel lost since the begin.</param>
/// <param name="Cpus">One for each watched CPU.</param>
/// <param name="Senders">Who kicked, the most stolen time first.</param>
internal sealed record WatchDocument(
    string Schema,
    DateTime Time,
    double Seconds,
    long LostEvents,
    IReadOnlyList<WatchDocument.WatchedCpu> Cpus,
    IReadOnlyList<WatchDocument.WatchedSender> Senders
)
{
    /// <summary>What a CPU did: shares from 0 to 1, rates a second.</summary>
    internal sealed record WatchedCpu(
        int Cpu,
        double User,
        double Idle,
        double Guest,
        double Kernel,
        double Unknown,
        double BreaksPerSecond,
        double StolenMicrosecondsPerSecond,
        double KicksPerSecond,
        long BreaksSinceStart,
        double LongestMicroseconds
    );

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
