namespace Lazykick.Traces.Kicks;

/// <summary>A row of the <see cref="FunctionTable"/>.</summary>
/// <param name="Name">The kernel function that the target runs, without suffixes of the compiler.</param>
/// <param name="Deferrability">Whether it may wait.</param>
/// <param name="KickClass">The purpose it serves: what a scheme's <c>serves</c> names.</param>
/// <param name="Reason">Why.</param>
public sealed record KickFunction(string Name, Deferrability Deferrability, string KickClass, string Reason);
