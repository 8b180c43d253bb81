namespace Lazykick.Traces.Kicks;

/// <summary>What decides about a kick's function, the same object for the same function.</summary>
/// <param name="Index">A number of its own, from 0: tables by function are indexed with it.</param>
/// <param name="Deferrability">Whether it may wait.</param>
/// <param name="KickClass">
/// The purpose that it serves; empty where the trace does not tell the function, null where the table does not list it.
/// </param>
/// <param name="RunTrace">How its run shows.</param>
internal sealed record FunctionClass(int Index, Deferrability Deferrability, string? KickClass, RunTrace RunTrace);
