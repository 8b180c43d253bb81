namespace Lazykick.Checking.Exploration;

/// <summary>Where a search gives up.</summary>
/// <param name="MaxStates">Number of states.</param>
/// <param name="MaxBytes">Bytes held for states.</param>
/// <param name="Timeout">Wall-clock time.</param>
public sealed record SearchLimits(long MaxStates, long MaxBytes, TimeSpan Timeout)
{
    /// <summary>200 million states, three quarters of the memory, no time limit.</summary>
    public static SearchLimits Default { get; } =
        new(
            200_000_000,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3,
            System.Threading.Timeout.InfiniteTimeSpan
        );
}
