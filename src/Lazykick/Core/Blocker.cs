namespace Lazykick.Core;

/// <summary>A thread that keeps a grace period from ending.</summary>
/// <param name="Registration">Who it is.</param>
/// <param name="Seen">The last grace period that it has seen begin.</param>
internal readonly record struct Blocker(Registration Registration, long Seen);
