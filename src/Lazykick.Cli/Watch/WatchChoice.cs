namespace Lazykick.Cli.Watch;

/// <summary>What the keys of <c>watch</c> have chosen.</summary>
/// <param name="Sort">What the CPUs are sorted by: one of <see cref="Sorts"/>.</param>
/// <param name="IsPaused">The screen stands still.</param>
/// <param name="BreaksBefore">Breaks of each CPU at the last reset.</param>
internal sealed record WatchChoice(string Sort, bool IsPaused, IReadOnlyDictionary<int, long> BreaksBefore)
{
    /// <summary>What CPUs can be sorted by, in the order of the key.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["stolen", "breaks", "CPU"];
}
