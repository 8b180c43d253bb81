using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Report;

/// <summary>
/// Which of several schemes with the same price stands for them: one that nothing speaks against, then the shortest
/// name.
/// </summary>
internal sealed class SchemeOrder : IComparer<SkipRule>
{
    public static SchemeOrder Instance { get; } = new();

    public int Compare(SkipRule? x, SkipRule? y)
    {
        var byWarning = (x?.Warning is not null).CompareTo(y?.Warning is not null);
        if (byWarning != 0)
            return byWarning;
        var byLength = (x?.Name.Length ?? 0).CompareTo(y?.Name.Length ?? 0);
        return byLength != 0 ? byLength : string.CompareOrdinal(x?.Name, y?.Name);
    }
}
