namespace Lazykick.Traces.Kicks;

/// <summary>A row of the <see cref="FunctionTable"/>.</summary>
/// <param name="Name">The kernel function that the target runs, without suffixes of the compiler.</param>
/// <param name="Deferrability">Whether it may wait.</param>
/// <param name="KickClass">The purpose it serves: what a scheme's <c>serves</c> names.</param>
/// <param name="Reason">Why.</param>
public sealed record KickFunction(string Name, Deferrability Deferrability, string KickClass, string Reason)
{
    /// <summary>
    /// The kernels that have it, as the table writes them: <c>6.1..6.12</c>, an end left out is open, <c>older</c> for
    /// kernels before 5.10.
    /// </summary>
    /// <value>Default: null, the row does not say.</value>
    public string? Versions { get; init; }

    /// <summary>What an operator can do to have fewer kicks of this class.</summary>
    /// <value>Default: null, the table does not say.</value>
    public string? Cure { get; init; }
}
