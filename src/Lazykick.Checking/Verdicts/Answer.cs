namespace Lazykick.Checking.Verdicts;

/// <summary>What a check answers as a whole.</summary>
public enum AnswerKind
{
    /// <summary>Everything asked was looked at, and holds.</summary>
    Holds,

    /// <summary>A property is violated.</summary>
    Broken,

    /// <summary>The search ended at a limit before it could say.</summary>
    GaveUp,

    /// <summary>Nothing is violated, and nothing is shown: something that the verdicts need was not explored.</summary>
    NotShown,
}

/// <summary>What a check answers as a whole.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="Properties">The properties that were asked: those promised, or those that the caller named.</param>
/// <param name="Reasons">The broken properties; or why nothing is shown.</param>
public sealed record Answer(AnswerKind Kind, IReadOnlyList<string> Properties, IReadOnlyList<string> Reasons);
