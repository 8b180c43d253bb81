namespace Lazykick.Schemes.Text;

/// <summary>The text of one scheme or claim file, with its lines.</summary>
public sealed class SourceText
{
    /// <summary>Largest file that is read, in characters. A scheme is a page; this is a thousand.</summary>
    public const int MaxLength = 1 << 20;

    private readonly int[] _lineStarts;

    /// <summary>Wraps <paramref name="text"/>; line ends may be LF or CRLF.</summary>
    /// <param name="path">The name shown in messages.</param>
    /// <param name="text">The whole text.</param>
    public SourceText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(text);
        Path = path;
        Text = text;
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                starts.Add(i + 1);
        }

        _lineStarts = [.. starts];
    }

    /// <summary>The name shown in messages.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>Number of lines; the last may be empty.</summary>
    public int LineCount => _lineStarts.Length;

    /// <summary>The line, from 1, that holds the character at <paramref name="offset"/>.</summary>
    public int LineOf(int offset)
    {
        var index = Array.BinarySearch(_lineStarts, Math.Clamp(offset, 0, Text.Length));
        return (index >= 0 ? index : ~index - 1) + 1;
    }

    /// <summary>The column, from 1, of the character at <paramref name="offset"/> within its line.</summary>
    public int ColumnOf(int offset) => Math.Clamp(offset, 0, Text.Length) - _lineStarts[LineOf(offset) - 1] + 1;

    /// <summary>The text of a line, from 1, without its line end.</summary>
    public string Line(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Length ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }
}
