namespace Lazykick.Checking.Tests.Naive;

/// <summary>Makes a scheme that shows a difference as small as it gets by leaving out lines.</summary>
internal static class SchemeShrinker
{
    /// <summary>The scheme with every line left out that the difference does not need.</summary>
    /// <param name="text">A scheme that shows it.</param>
    /// <param name="shows">Does a text load and show it?</param>
    public static string Shrink(string text, Func<string, bool> shows)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = lines.Count - 1; i > 0; i--)
            {
                foreach (var shorter in Shorter(lines, i))
                {
                    if (!shows(string.Join('\n', shorter) + "\n"))
                        continue;
                    lines = shorter;
                    changed = true;
                    break;
                }

                i = Math.Min(i, lines.Count);
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>
    /// Without the line and the block below it; without the line alone, its block moved out; without one item of a
    /// list.
    /// </summary>
    private static IEnumerable<List<string>> Shorter(List<string> lines, int line)
    {
        var indent = Indent(lines[line]);
        var end = line + 1;
        while (end < lines.Count && Indent(lines[end]) > indent)
            end++;
        yield return [.. lines[..line], .. lines[end..]];
        if (end > line + 1)
            yield return [.. lines[..line], .. lines[(line + 1)..end].Select(l => l[4..]), .. lines[end..]];
        var items = lines[line].Split(", ");
        for (var i = 0; items.Length > 1 && i < items.Length; i++)
        {
            var rest = items.Where((_, n) => n != i).ToList();
            yield return
            [
                .. lines[..line],
                (i == 0 ? lines[line][..(lines[line].TrimStart().IndexOf(' ') + indent + 1)] : "")
                    + string.Join(", ", rest),
                .. lines[(line + 1)..],
            ];
        }

        foreach (var word in new[] { " when ", " any order" })
        {
            var at = lines[line].IndexOf(word, StringComparison.Ordinal);
            if (at > 0)
            {
                yield return
                [
                    .. lines[..line],
                    lines[line][..at] + (lines[line].EndsWith(':') ? ":" : ""),
                    .. lines[(line + 1)..],
                ];
            }
        }
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
