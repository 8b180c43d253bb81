namespace Lazykick.Cli.Output;

/// <summary>Breaks prose into lines.</summary>
internal static class Wrapping
{
    /// <summary>The width of prose that a command writes.</summary>
    public const int Prose = 100;

    /// <summary>Lines of at most that many columns, broken at blanks; a word that is longer is cut.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            var rest = word;
            while (rest.Length > width)
            {
                if (line.Length > 0)
                    yield return line;
                line = "";
                yield return rest[..width];
                rest = rest[width..];
            }

            if (line.Length > 0 && line.Length + 1 + rest.Length > width)
            {
                yield return line;
                line = rest;
            }
            else
            {
                line = line.Length == 0 ? rest : $"{line} {rest}";
            }
        }

        yield return line;
    }

    /// <summary>A head and prose after it, the further lines indented.</summary>
    public static IEnumerable<string> Lines(string head, string text, int indent, int width = Prose)
    {
        var margin = new string(' ', indent);
        var first = true;
        foreach (var line in Lines(text, width - Math.Max(indent, head.Length)))
        {
            yield return (first ? head : margin) + line;
            first = false;
        }
    }
}
