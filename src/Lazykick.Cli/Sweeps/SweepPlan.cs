using System.Globalization;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Sweeps;

/// <summary>
/// Which combinations of knobs there are, and which of them this call checks. They are numbered: the last knob changes
/// fastest. Shard i of n has every nth, so that hard and easy ones are spread.
/// </summary>
/// <param name="Knobs">The knobs with their values, in order.</param>
/// <param name="Shard">From 1.</param>
/// <param name="Shards">How many there are.</param>
internal sealed record SweepPlan(IReadOnlyList<Knob> Knobs, int Shard, int Shards)
{
    /// <summary>Most combinations of one call.</summary>
    public const int MostRows = 100_000;

    // A number of combinations beyond this one is of no use to anybody, and must not overflow.
    private const long MostCombinations = 1L << 48;

    /// <summary>Every combination.</summary>
    public long Combinations { get; } = Count(Knobs);

    /// <summary>The numbers of those that this call checks.</summary>
    public IEnumerable<long> Rows
    {
        get
        {
            for (var index = (long)Shard - 1; index < Combinations; index += Shards)
                yield return index;
        }
    }

    /// <summary>The values of a combination, by knob.</summary>
    public static string[] ValuesOf(IReadOnlyList<IReadOnlyList<string>> knobs, long index)
    {
        var values = new string[knobs.Count];
        for (var knob = knobs.Count - 1; knob >= 0; knob--)
        {
            values[knob] = knobs[knob][(int)(index % knobs[knob].Count)];
            index /= knobs[knob].Count;
        }

        return values;
    }

    /// <summary>Reads <c>knob,knob</c> or <c>all</c>, or says on standard error why not.</summary>
    public static SweepPlan? Of(
        Scheme scheme,
        string text,
        (int Shard, int Shards) shard,
        IEnumerable<string> set,
        TextWriter errors
    )
    {
        var fixedKnobs = set.ToHashSet(StringComparer.Ordinal);
        var names =
            text == "all" && !scheme.Knobs.ContainsKey(text)
                ? [.. scheme.Knobs.Keys.Where(k => !fixedKnobs.Contains(k))]
                : text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in names)
        {
            if (!scheme.Knobs.ContainsKey(name))
                return Refuse($"scheme '{scheme.Name}' has no knob '{name}'", Suggestion.For(name, scheme.Knobs.Keys));
            if (fixedKnobs.Contains(name))
                return Refuse($"knob '{name}' is swept, and --set gives it one value", "leave out one of the two");
        }

        if (names.Length == 0)
            return Refuse($"scheme '{scheme.Name}' has no knob that is left to sweep", null);
        if (names.Length != names.Distinct(StringComparer.Ordinal).Count())
            return Refuse("a knob is named twice", null);
        var plan = new SweepPlan([.. names.Select(n => scheme.Knobs[n])], shard.Shard, shard.Shards);
        var rows = (plan.Combinations + plan.Shards - plan.Shard) / plan.Shards;
        return rows <= MostRows
            ? plan
            : Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rows:N0}{(plan.Combinations == MostCombinations ? " or more" : "")} combinations are too many "
                        + $"for one call; {MostRows:N0} are possible"
                ),
                "name fewer knobs, or split the work with --shard i/n and lazykick merge"
            );

        SweepPlan? Refuse(string why, string? hint)
        {
            errors.WriteLine($"lazykick check: --sweep: {why}");
            if (hint is not null)
                errors.WriteLine($"    {hint}");
            return null;
        }
    }

    /// <summary>Reads <c>i/n</c>; null if it is none.</summary>
    public static (int Shard, int Shards)? ShardOf(string text) =>
        text.Split('/') is [var shard, var shards]
        && int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(shards, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && i >= 1
        && i <= n
            ? (i, n)
            : null;

    private static long Count(IReadOnlyList<Knob> knobs) =>
        knobs.Aggregate(1L, (product, k) => Math.Min(MostCombinations, product * k.Values.Count));
}
