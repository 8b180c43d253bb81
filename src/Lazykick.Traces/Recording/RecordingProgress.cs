namespace Lazykick.Traces.Recording;

/// <summary>How a recording goes.</summary>
/// <param name="Elapsed">Since it started.</param>
/// <param name="Bytes">Taken from the kernel's buffers so far.</param>
/// <param name="Events">Written by the kernel so far, taken or not.</param>
/// <param name="Lost">Events that a full buffer cost so far.</param>
public sealed record RecordingProgress(TimeSpan Elapsed, long Bytes, long Events, long Lost);
