using System.Globalization;
using System.Text;

namespace Lazykick.Checking.Litmus.Reading;

/// <summary>Characters with places, comments blanked out.</summary>
internal sealed class LitmusScanner
{
    private const int MaxLength = 1 << 20;
    private readonly string _text;
    private readonly List<int> _lineStarts = [0];

    internal LitmusScanner(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                _lineStarts.Add(i + 1);
        }

        if (text.Length > MaxLength)
            throw new LitmusException(new(1, 1), $"the file is longer than {MaxLength} characters");
        _text = BlankComments(text);
    }

    internal int Offset { get; set; }

    internal bool AtEnd => Offset >= _text.Length;

    internal char Current => AtEnd ? '\0' : _text[Offset];

    internal LitmusPosition Position => PositionAt(Offset);

    internal LitmusPosition PositionAt(int offset)
    {
        var line = _lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new(line + 1, offset - _lineStarts[line] + 1);
    }

    internal string Slice(int start, int end) => _text[start..end];

    internal LitmusException Error(string message) => new(Position, message);

    internal void SkipBlank()
    {
        while (!AtEnd && char.IsWhiteSpace(Current))
            Offset++;
    }

    internal bool TryTake(string word)
    {
        SkipBlank();
        if (string.CompareOrdinal(_text, Offset, word, 0, word.Length) != 0)
            return false;
        if (char.IsLetter(word[0]) && Offset + word.Length < _text.Length && IsName(_text[Offset + word.Length]))
            return false;
        Offset += word.Length;
        return true;
    }

    internal void Take(string word)
    {
        if (!TryTake(word))
            throw Error($"expected '{word}' but found {Found()}");
    }

    internal string Found()
    {
        SkipBlank();
        if (AtEnd)
            return "the end of the file";
        var end = Offset + 1;
        while (IsName(Current) && end < _text.Length && IsName(_text[end]) && end - Offset < 20)
            end++;
        return $"'{_text[Offset..end]}'";
    }

    internal bool TryName(out string name)
    {
        SkipBlank();
        var start = Offset;
        if (!AtEnd && (char.IsLetter(Current) || Current is '_' or '%'))
        {
            Offset++;
            while (!AtEnd && (IsName(Current) || Current == '.'))
                Offset++;
        }

        name = _text[start..Offset];
        return name.Length > 0;
    }

    internal bool TryInteger(out long value)
    {
        SkipBlank();
        var start = Offset;
        var negative = Current == '-';
        if (negative)
            Offset++;
        var digits = Offset;
        while (!AtEnd && char.IsAsciiLetterOrDigit(Current))
            Offset++;
        if (TryParse(_text[digits..Offset], out value))
        {
            value = negative ? -value : value;
            return true;
        }

        Offset = start;
        return false;
    }

    internal static bool TryParse(string digits, out long value)
    {
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(
                digits.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out value
            );
        }

        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    internal string QuotedString()
    {
        Take("\"");
        var start = Offset;
        while (!AtEnd && Current is not ('"' or '\n'))
            Offset++;
        if (Current != '"')
            throw new LitmusException(PositionAt(start - 1), "this string has no closing quote on its line");
        return _text[start..Offset++];
    }

    internal static bool IsName(char c) => char.IsLetterOrDigit(c) || c is '_' or '%' or '$';

    private string BlankComments(string text)
    {
        var result = new StringBuilder(text);
        var opened = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] == '(' && next == '*')
                opened.Push(i);
            if (opened.Count == 0)
                continue;
            if (text[i] == '*' && next == ')' && i > opened.Peek() + 1)
            {
                opened.Pop();
                result[i] = result[i + 1] = ' ';
                i++;
                continue;
            }

            if (text[i] != '\n')
                result[i] = ' ';
        }

        return opened.Count == 0
            ? result.ToString()
            : throw new LitmusException(PositionAt(opened.Peek()), "this comment is not closed by '*)'");
    }
}
