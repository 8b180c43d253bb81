using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Comparing;

/// <summary>A position of a path as two checks see it; a position that only one scheme has has no other side.</summary>
/// <param name="First">In the first scheme.</param>
/// <param name="Second">In the second scheme.</param>
public sealed record ComparedPosition(WindowPosition? First, WindowPosition? Second)
{
    /// <summary>Either side.</summary>
    public WindowPosition Any => (First ?? Second)!;

    /// <summary>Both schemes have it.</summary>
    public bool IsInBoth => First is not null && Second is not null;

    /// <summary>Both schemes have it, and text may be old there in the first one only.</summary>
    public bool IsOldInFirst => IsInBoth && First!.MayRunStale && !Second!.MayRunStale;

    /// <summary>Both schemes have it, and text may be old there in the second one only.</summary>
    public bool IsOldInSecond => IsInBoth && Second!.MayRunStale && !First!.MayRunStale;
}
