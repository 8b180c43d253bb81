using Lazykick.Cli.Json;

namespace Lazykick.Cli.Watch;

/// <summary>What the keys of <c>watch</c> have chosen.</summary>
/// <param name="Sort">What the CPUs are sorted by: one of <see cref="Sorts"/>.</param>
/// <param name="IsPaused">The screen stands still.</param>
/// <param name="BreaksBefore">Breaks of each CPU at the last reset; none before the first.</param>
internal sealed record WatchChoice(string Sort, bool IsPaused, IReadOnlyDictionary<int, long> BreaksBefore)
{
    /// <summary>What CPUs can be sorted by, in the order of the key.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["stolen", "breaks", "CPU"];

    /// <summary>What holds before a key is pressed: breaks count from the start.</summary>
    public static WatchChoice Begin { get; } = new(Sorts[0], false, new Dictionary<int, long>());

    /// <summary>The choice after a key.</summary>
    /// <param name="key">The key; one without a meaning changes nothing.</param>
    /// <param name="shown">What the screen shows, from which a reset counts; null before the first second.</param>
    public WatchChoice After(char key, WatchDocument? shown) =>
        key switch
        {
            's' => this with { Sort = Sorts[(Sorts.ToList().IndexOf(Sort) + 1) % Sorts.Count] },
            'p' => this with { IsPaused = !IsPaused },
            'r' when shown is not null => this with
            {
                BreaksBefore = shown.Cpus.ToDictionary(static c => c.Cpu, static c => c.BreaksSinceStart ?? 0),
            },
            _ => this,
        };
}
