namespace Lazykick.Checking.Machines;

/// <summary>
/// Where a CPU gets by issues that may be delayed, or where it is: a state that is looked at without being kept.
/// </summary>
/// <param name="Own">Number of the CPU's own part there.</param>
/// <param name="Shared">Number of the shared part there.</param>
/// <param name="Pair">Number of the pair, as <see cref="PairMemo{T}"/> counts.</param>
/// <param name="Way">The moves to it, as <see cref="PairMemo{T}"/> counts; none to where the CPU is.</param>
internal sealed record PairNode(int Own, int Shared, int Pair, int[] Way)
{
    /// <summary>The last move may be the issue of an access.</summary>
    public bool IsAfterIssue { get; set; }
}
