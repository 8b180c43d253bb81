using System.CommandLine.Parsing;
using System.Globalization;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>
/// A block of a page that shows a command and what it writes: <c>```console</c>, <c>$ lazykick ARGUMENTS</c>, output. A
/// comment on the line above may say <c>status N</c>, <c>lines A-B</c> (only these lines of the output are shown),
/// <c>places vary</c> (numbers and places in files are not compared), <c>form only</c> (only the words of a table).
/// </summary>
/// <param name="Page">The page, as a path in the repository.</param>
/// <param name="Line">Line of the command in the page, from 1.</param>
/// <param name="Command">What stands behind the prompt.</param>
/// <param name="Options">What the comment above says, or nothing.</param>
/// <param name="Text">The output that is shown.</param>
public sealed record ShownBlock(string Page, int Line, string Command, string Options, string Text)
{
    private const string Open = "```console";
    private const string Close = "```";

    /// <summary>Seconds that a search took stand at the end of a line, and differ from run to run.</summary>
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

    /// <summary>Arguments of the call, without <c>lazykick</c>.</summary>
    public string[] Arguments => [.. CommandLineParser.SplitCommandLine(Command).Skip(1)];

    public bool IsLazykick => Command.StartsWith("lazykick ", StringComparison.Ordinal);

    public bool HasForm => Option("form") is not null;

    public int Status => Option("status") is { } status ? int.Parse(status, CultureInfo.InvariantCulture) : 0;

    /// <summary>All blocks of a page, in its order.</summary>
    public static IReadOnlyList<ShownBlock> All(string page, string text)
    {
        var blocks = new List<ShownBlock>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != Open)
                continue;
            var end = Array.IndexOf(lines, Close, i);
            Assert.True(end > i + 1, $"{page}:{i + 1}: a console block without an end or a command");
            Assert.True(
                lines[i + 1].StartsWith("$ ", StringComparison.Ordinal),
                $"{page}:{i + 2}: a console block begins with '$ ' and a command"
            );
            var above = i > 0 ? lines[i - 1] : "";
            var options = above.StartsWith("<!-- ", StringComparison.Ordinal) ? above[5..^4] : "";
            blocks.Add(new ShownBlock(page, i + 2, lines[i + 1][2..], options, string.Join('\n', lines[(i + 2)..end])));
            i = end;
        }

        return blocks;
    }

    /// <summary>Those lines of the output that are shown.</summary>
    public string Selection(string output)
    {
        var lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (Option("lines") is { } range)
        {
            var ends = range.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
            lines = lines[(ends[0] - 1)..Math.Min(ends[1], lines.Length)];
        }

        return string.Join('\n', lines);
    }

    /// <summary>What is compared of a text.</summary>
    public string Compared(string text) =>
        HasForm ? Form(text)
        : Option("places") is not null ? WithoutPlaces(text)
        : WithoutTime(text);

    /// <summary>The page with another output in this block.</summary>
    public string Replace(string page, string output)
    {
        var lines = page.Split('\n');
        var end = Array.IndexOf(lines, Close, Line);
        return string.Join('\n', (string[])[.. lines[..Line], .. output.Split('\n'), .. lines[end..]]);
    }

    // The table's words without its figures; what other interrupts came differs from run to run.
    private static string Form(string text) =>
        string.Join(
            '\n',
            text.Split('\n')
                .Take(6)
                .Select(line =>
                    string.Join(
                        ' ',
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                            .Select(word => char.IsAsciiDigit(word[0]) ? "#" : word)
                            .Where(word => word is not ("ns" or "us" or "ms"))
                    )
                )
        );

    // Lines of schemes and lengths of races change with every scheme; how a remark is broken into lines hangs on them.
    private static string WithoutPlaces(string text) =>
        string.Join(
            ' ',
            text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word =>
                    char.IsAsciiDigit(word[0]) || word.Contains(".kick:", StringComparison.Ordinal) ? "#" : word
                )
        );

    private string? Option(string name) =>
        Options.Split(';').Select(o => o.Trim().Split(' ')).FirstOrDefault(o => o[0] == name)?[1];
}
