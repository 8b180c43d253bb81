namespace Lazykick.Checking.Tests.Naive;

/// <summary>One move of one CPU.</summary>
/// <param name="Target">The state after it.</param>
/// <param name="Cpu">Whose.</param>
/// <param name="IsFree">It happens or not, as it pleases (M17).</param>
/// <param name="Violated">Properties that it violates.</param>
/// <param name="Step">The position whose step is taken.</param>
/// <param name="ReturnsKick">It is the return of this CPU's kick.</param>
internal sealed record Move(
    NaiveState Target,
    int Cpu,
    bool IsFree,
    IReadOnlyList<string> Violated,
    string Step,
    bool ReturnsKick
)
{
    /// <summary>The step that is taken; null for a return or a choice.</summary>
    public Schemes.Syntax.Step? Taken { get; init; }

    /// <summary>The kick that returns, or null.</summary>
    public Schemes.Syntax.KickStep? Returned { get; init; }

    /// <summary>The names of CPUs that loops and policies give it.</summary>
    public CpuName? Names { get; init; }
}
