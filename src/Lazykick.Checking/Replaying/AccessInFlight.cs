using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Replaying;

/// <summary>An access that was issued and is not complete.</summary>
/// <param name="Step">The step.</param>
/// <param name="Line">Where it is written.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="Reads">The value that its read returns, or is to return; null if it reads no variable.</param>
/// <param name="Writes">The value that its write makes visible; null if it writes no variable.</param>
public sealed record AccessInFlight(string Step, string Line, Progress Progress, string? Reads, string? Writes);
