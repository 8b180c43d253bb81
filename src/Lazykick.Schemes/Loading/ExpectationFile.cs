using System.Globalization;
using System.Text;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>
/// Reads and writes <c>.expected</c> files. An entry is a line <c>cpus N memory M [knob=value ...]</c> and below it,
/// indented, a line for each property (<c>S1 holds</c>, <c>S1 violated 27</c>) and <c>states N</c>.
/// </summary>
public static class ExpectationFile
{
    /// <summary>The entries; mistakes are reported and their lines left out.</summary>
    public static IReadOnlyList<Expectation> Parse(SourceText source, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var entries = new List<Expectation>();
        Dictionary<string, int>? lengths = null;
        var start = 0;
        for (var number = 1; number <= source.LineCount; number++)
        {
            var line = source.Line(number);
            var span = new SourceSpan(source, start, line.Length);
            start = source.Text.IndexOf('\n', start) + 1;
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (!char.IsWhiteSpace(line[0]))
            {
                lengths = new(StringComparer.Ordinal);
                if (Head(words, lengths) is { } entry)
                {
                    entries.Add(entry);
                }
                else
                {
                    diagnostics.Report(
                        "LK0700",
                        span,
                        "this is not a configuration",
                        "write: cpus 2 memory sc knob=value"
                    );
                }
            }
            else if (lengths is null || entries.Count == 0 || !Fact(words, lengths, entries))
            {
                diagnostics.Report(
                    "LK0701",
                    span,
                    "this is not an expectation",
                    "write 'S1 holds', 'S1 violated 27' or 'states 10434' below a configuration"
                );
            }
        }

        return entries;
    }

    /// <summary>The text of a file with these entries.</summary>
    public static string Format(IEnumerable<Expectation> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            text.Append(entry.Configuration).Append('\n');
            foreach (var (property, length) in entry.Lengths)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    {property} {(length == 0 ? "holds" : $"violated {length}")}\n"
                );
            }

            text.Append(CultureInfo.InvariantCulture, $"    states {entry.States}\n");
        }

        return text.ToString();
    }

    private static Expectation? Head(string[] words, Dictionary<string, int> lengths)
    {
        if (
            words.Length < 4
            || words[0] != "cpus"
            || words[2] != "memory"
            || !int.TryParse(words[1], CultureInfo.InvariantCulture, out var cpus)
        )
        {
            return null;
        }

        var knobs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words.Skip(4))
        {
            var parts = word.Split('=');
            if (parts.Length != 2)
                return null;
            knobs[parts[0]] = parts[1];
        }

        return new Expectation(cpus, words[3], knobs, lengths, 0);
    }

    private static bool Fact(string[] words, Dictionary<string, int> lengths, List<Expectation> entries)
    {
        switch (words)
        {
            case ["states", var count] when long.TryParse(count, CultureInfo.InvariantCulture, out var states):
                entries[^1] = entries[^1] with { States = states };
                return true;
            case [var property, "holds"]:
                lengths[property] = 0;
                return true;
            case [var property, "violated", var count]
                when int.TryParse(count, CultureInfo.InvariantCulture, out var length) && length > 0:
                lengths[property] = length;
                return true;
            default:
                return false;
        }
    }
}
