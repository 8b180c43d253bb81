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
        var (needed, forAll) = FigureRules.Of(figure);
        return (needed & ~_here) != 0 ? Certainty.Unknown
            : (forAll & ~_here) != 0 ? Certainty.AtLeast
            : Certainty.Known;
    }

    /// <summary>What is missing that a figure is made of, each alone.</summary>
    public IReadOnlyList<Evidence> MissingFor(Figure figure)
    {
        var (needed, forAll) = FigureRules.Of(figure);
        var missing = new List<Evidence>();
        for (var rest = (uint)((needed | forAll) & ~_here); rest != 0; rest &= rest - 1)
            missing.Add((Evidence)(1 << BitOperations.TrailingZeroCount(rest)));
        return missing;
    }
}
