namespace Lazykick.Traces.Recording;

/// <summary>What was recorded.</summary>
/// <param name="File">The trace.dat.</param>
/// <param name="Elapsed">How long events were on.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Events">Events in it.</param>
/// <param name="LostByCpu">Events that each CPU lost since its buffer was full; only CPUs that lost any.</param>
/// <param name="Failure">Why the recording ended early, for example a full disk; null if it did not.</param>
public sealed record RecordingResult(
    string File,
    TimeSpan Elapsed,
    long Bytes,
    long Events,
    IReadOnlyDictionary<int, long> LostByCpu,
    string? Failure
);
