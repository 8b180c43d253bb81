namespace Lazykick.Auditing.Tables;

/// <summary>A table of the image.</summary>
/// <param name="Name">Its section.</param>
/// <param name="Entries">Number of entries; null where the table was not found.</param>
/// <param name="How">How it was found, or why not.</param>
public sealed record TableInfo(string Name, int? Entries, string How)
{
    /// <summary>No name told where it is: it was found by its rows, or by the text that reads it.</summary>
    public bool IsInferred { get; init; }
}
