using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Comparing;

/// <summary>A position of a path as two checks see it; a position that only one scheme has has no other side.</summary>
/// <param name="First">In the first scheme.</param>
/// <param name="Second">In the second scheme.</param>
public sealed record ComparedPosition(WindowPosition? First, WindowPosition? Second)
{
    /// <summary>Either side.</summary>
    public WindowPosition Any => (First ?? Second)!;

    /// <summary>Text may be old there in the first scheme, and in the second it may not, or there is no such
    /// position.</summary>
    public bool IsOldInFirst => First is { MayRunStale: true } && Second is not { MayRunStale: true };

    /// <summary>The same the other way round.</summary>
    public bool IsOldInSecond => Second is { MayRunStale: true } && First is not { MayRunStale: true };
}
