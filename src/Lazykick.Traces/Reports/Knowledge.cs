using System.Numerics;

namespace Lazykick.Traces.Reports;

/// <summary>Which figures of a CPU a trace can tell in a part of it.</summary>
public sealed class Knowledge
{
    private readonly Evidence _here;

    internal Knowledge(Evidence here) => _here = here;

    /// <summary>What the trace has of all that figures are made of.</summary>
    public Evidence Here => _here;

    /// <summary>How far a figure can be relied on.</summary>
    public Certainty Of(Figure figure)
    {
        var (needed, forAll, forNoMore) = FigureRules.Of(figure);
        var isPartial = (forAll & ~_here) != Evidence.None;
        var isTooMuch = (forNoMore & ~_here) != Evidence.None;
        if ((needed & ~_here) != Evidence.None || (isPartial && isTooMuch))
            return Certainty.Unknown;
        return isPartial ? Certainty.AtLeast
            : isTooMuch ? Certainty.AtMost
            : Certainty.Known;
    }

    /// <summary>What is missing that a figure is made of, each alone.</summary>
    public IReadOnlyList<Evidence> MissingFor(Figure figure)
    {
        var (needed, forAll, forNoMore) = FigureRules.Of(figure);
        var missing = new List<Evidence>();
        for (var rest = (uint)((needed | forAll | forNoMore) & ~_here); rest != 0; rest &= rest - 1)
            missing.Add((Evidence)(1 << BitOperations.TrailingZeroCount(rest)));
        return missing;
    }

    /// <summary>A figure, or null where the trace cannot tell it.</summary>
    public long? Told(Figure figure, long counted) => Of(figure) == Certainty.Known ? counted : null;

    /// <summary>
    /// Needless kicks are at most those and the ones of which nothing is known: where only names of functions are
    /// missing each kick is among these, and an exit that was not seen makes more of them look needless, not fewer.
    /// </summary>
    internal bool BoundsNeedless
    {
        get
        {
            var (_, _, forNoMore) = FigureRules.Of(Figure.Needless);
            return MissingFor(Figure.Needless)
                .All(missing => missing == Evidence.Symbols || (missing & forNoMore) != Evidence.None);
        }
    }
}
