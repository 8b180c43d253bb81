namespace Lazykick.Traces.Reports;

/// <summary>How far a figure of a report can be relied on.</summary>
public enum Certainty
{
    /// <summary>Everything that the figure is made of is in the trace.</summary>
    Known,

    /// <summary>Something is missing that can only add to the figure: the truth is this much, or more.</summary>
    AtLeast,

    /// <summary>Something is missing that can only take from the figure: the truth is this much, or less.</summary>
    AtMost,

    /// <summary>The trace cannot tell the figure; what was counted is no bound.</summary>
    Unknown,
}
