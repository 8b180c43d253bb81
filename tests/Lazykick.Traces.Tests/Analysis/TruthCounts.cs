using System.Globalization;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>
/// The independent counts of a capture (truth/counts.txt): sections of lines <c>count  a | b | c</c>.
/// </summary>
internal sealed class TruthCounts
{
    private readonly Dictionary<string, List<(string[] Cells, long Count)>> _sections = new(StringComparer.Ordinal);

    public static TruthCounts Of(string capture)
    {
        var counts = new TruthCounts();
        List<(string[], long)>? section = null;
        foreach (var line in SharedTraces.ReadText(capture, "truth", "counts.txt").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = [];
                counts._sections[line[3..].Trim()] = section;
            }
            else if (
                section is not null
                && line.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries) is [var number, var rest]
                && long.TryParse(number, CultureInfo.InvariantCulture, out var count)
            )
            {
                section.Add((rest.Split('|', StringSplitOptions.TrimEntries), count));
            }
        }

        return counts;
    }

    /// <summary>Lines of the first section whose title begins so.</summary>
    public IEnumerable<(string[] Cells, long Count)> Section(string title) =>
        _sections.First(section => section.Key.StartsWith(title, StringComparison.Ordinal)).Value;
}
