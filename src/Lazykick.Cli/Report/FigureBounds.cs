namespace Lazykick.Cli.Report;

/// <summary>The truth about a figure lies here, both ends included.</summary>
/// <param name="Least">No less than this.</param>
/// <param name="Most">No more than this; null where there is no upper bound.</param>
internal readonly record struct FigureBounds(long Least, long? Most)
{
    /// <summary>Nothing is known.</summary>
    public static FigureBounds Unknown { get; } = new(0, null);
}
