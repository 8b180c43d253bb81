using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Comparing;

/// <summary>A property as two checks judge it.</summary>
/// <param name="Property">Its name.</param>
/// <param name="First">The first check's verdict; null where that check does not judge it.</param>
/// <param name="Second">The second check's verdict; null where that check does not judge it.</param>
public sealed record ComparedProperty(string Property, PropertyVerdict? First, PropertyVerdict? Second)
{
    /// <summary>One of the two ended at a limit before it could say.</summary>
    public bool IsOpen => Of(First) == Verdict.Undecided || Of(Second) == Verdict.Undecided;

    /// <summary>The verdicts are known, and differ. That lengths differ is no difference.</summary>
    public bool IsDifferent => !IsOpen && Of(First) != Of(Second);

    /// <summary>One of the schemes promises it.</summary>
    public bool IsPromised => First is { IsPromised: true } || Second is { IsPromised: true };

    /// <summary>The one that violates it where the other does not; null if there is no such difference.</summary>
    public PropertyVerdict? Broken =>
        !IsDifferent ? null
        : Of(First) == Verdict.Violated ? First
        : Of(Second) == Verdict.Violated ? Second
        : null;

    // What a scheme does not state and what nothing in its space is about is the same to a reader: not checked.
    private static Verdict Of(PropertyVerdict? verdict) => verdict?.Verdict ?? Verdict.NotChecked;
}
