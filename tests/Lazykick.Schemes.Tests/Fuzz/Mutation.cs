namespace Lazykick.Schemes.Tests.Fuzz;

/// <summary>Damages a text as an editor, a merge or a bad disk would.</summary>
internal static class Mutation
{
    public static string Of(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        for (var i = random.Next(1, 6); i > 0 && lines.Count > 1; i--)
        {
            var (line, other) = (random.Next(lines.Count), random.Next(lines.Count));
            switch (random.Next(9))
            {
                case 0:
                    lines.RemoveAt(line);
                    break;
                case 1:
                    lines.Insert(line, lines[other]);
                    break;
                case 2:
                    (lines[line], lines[other]) = (lines[other], lines[line]);
                    break;
                case 3:
                    lines[line] = new string(' ', random.Next(12)) + lines[line].TrimStart();
                    break;
                case 4:
                    lines[line] = lines[line][..random.Next(lines[line].Length + 1)];
                    break;
                case 5:
                    lines[line] += lines[other].TrimStart();
                    break;
                case 6:
                    lines[line] = lines[line]
                        .Insert(random.Next(lines[line].Length + 1), ((char)random.Next(1, 300)).ToString());
                    break;
                case 7:
                    lines[line] = Swapped(lines[line], random);
                    break;
                default:
                    lines.RemoveRange(line, random.Next(lines.Count - line + 1));
                    break;
            }
        }

        return string.Join(random.Next(8) == 0 ? "\r\n" : "\n", lines);
    }

    private static string Swapped(string line, Random random)
    {
        var words = line.Split(' ');
        var (a, b) = (random.Next(words.Length), random.Next(words.Length));
        (words[a], words[b]) = (words[b], words[a]);
        return string.Join(' ', words);
    }
}
