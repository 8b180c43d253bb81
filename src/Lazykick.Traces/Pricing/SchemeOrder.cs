namespace Lazykick.Traces.Pricing;

/// <summary>
/// Which of several schemes with the same policy stands for them: one that was checked and holds, then the shortest
/// name.
/// </summary>
public sealed class SchemeOrder : IComparer<SkipRule>
{
    /// <summary>The one order.</summary>
    public static SchemeOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(SkipRule? x, SkipRule? y)
    {
        var byStanding = Standing(x).CompareTo(Standing(y));
        if (byStanding != 0)
            return byStanding;
        var byLength = (x?.Name.Length ?? 0).CompareTo(y?.Name.Length ?? 0);
        return byLength != 0 ? byLength : string.CompareOrdinal(x?.Name, y?.Name);
    }

    private static int Standing(SkipRule? rule) =>
        rule switch
        {
            null => 3,
            { Refutation: not null } => 2,
            { IsChecked: false } => 1,
            _ => 0,
        };
}
