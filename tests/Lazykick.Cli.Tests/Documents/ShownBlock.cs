using System.Globalization;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>A block of output in a page, with the comment above it that says which command writes it.</summary>
public sealed record ShownBlock(string Marker, string Text)
{
    private const string Fence = "```";

    public bool IsDemo => Marker == "demo";

    public string[] Arguments => Marker.Split(';')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    public int Status => Option("status") is { } status ? int.Parse(status, CultureInfo.InvariantCulture) : 0;

    public static IReadOnlyList<ShownBlock> All(string page)
    {
        var blocks = new List<ShownBlock>();
        foreach (var part in page.Split("<!-- ").Skip(1))
        {
            var marker = part[..part.IndexOf(" -->", StringComparison.Ordinal)];
            if (!marker.StartsWith("lazykick ", StringComparison.Ordinal) && marker != "demo")
                continue;
            var begin = part.IndexOf('\n', part.IndexOf(Fence, StringComparison.Ordinal)) + 1;
            blocks.Add(
                new ShownBlock(marker, part[begin..part.IndexOf(Fence, begin, StringComparison.Ordinal)].TrimEnd('\n'))
            );
        }

        return blocks;
    }

    /// <summary>Those lines of the output that are shown.</summary>
    public string Selection(string output)
    {
        var lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (Option("lines") is not { } range)
            return string.Join('\n', lines);
        var ends = range.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
        return string.Join('\n', lines.Take(ends[1]).Skip(ends[0] - 1));
    }

    /// <summary>The page with another text in this block.</summary>
    public string Replace(string page, string text)
    {
        var marker = page.IndexOf($"<!-- {Marker} -->", StringComparison.Ordinal);
        var begin = page.IndexOf('\n', page.IndexOf(Fence, marker, StringComparison.Ordinal)) + 1;
        var end = page.IndexOf(Fence, begin, StringComparison.Ordinal);
        return $"{page[..begin]}{text}\n{page[end..]}";
    }

    /// <summary>The text without the seconds that a search took: the number before " s" at the end of a line.</summary>
    public static string WithoutTime(string text) =>
        string.Join(
            '\n',
            text.Split('\n')
                .Select(line =>
                    line.EndsWith(" s", StringComparison.Ordinal) && line.Contains("states, ", StringComparison.Ordinal)
                        ? line[..line.LastIndexOf(", ", StringComparison.Ordinal)]
                        : line
                )
        );

    private string? Option(string name) =>
        Marker.Split(';').Skip(1).Select(o => o.Trim().Split(' ')).FirstOrDefault(o => o[0] == name)?[1];
}
