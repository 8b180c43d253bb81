namespace Lazykick.Schemes.Text;

/// <summary>A stretch of a file.</summary>
/// <param name="Source">The file.</param>
/// <param name="Start">Offset of the first character.</param>
/// <param name="Length">Number of characters; 0 points between two.</param>
public readonly record struct SourceSpan(SourceText Source, int Start, int Length)
{
    /// <summary>Line of the first character, from 1.</summary>
    public int Line => Source.LineOf(Start);

    /// <summary>Column of the first character, from 1.</summary>
    public int Column => Source.ColumnOf(Start);

    /// <summary>
    /// The span from the start of <paramref name="first"/> to the end of <paramref name="last"/>, in one file.
    /// </summary>
    public static SourceSpan Cover(SourceSpan first, SourceSpan last) =>
        new(first.Source, first.Start, Math.Max(last.Start + last.Length - first.Start, first.Length));

    /// <summary>The characters of the span.</summary>
    public string Text => Source.Text.Substring(Start, Math.Min(Length, Source.Text.Length - Start));

    /// <inheritdoc/>
    public override string ToString() => $"{Source.Path}:{Line}";
}
