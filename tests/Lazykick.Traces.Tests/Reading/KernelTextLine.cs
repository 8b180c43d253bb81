using System.Globalization;
using System.Text.RegularExpressions;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>
/// One line of the kernel's own text of a buffer: <c>comm-pid [cpu] flags seconds.micros: event: fields</c>.
/// </summary>
internal sealed partial record KernelTextLine(int Pid, int Cpu, ulong Micros, string Event, string Fields)
{
    /// <summary>All event lines; heading and remarks are passed over.</summary>
    public static IEnumerable<KernelTextLine> ParseAll(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var match = Pattern().Match(line);
            if (!match.Success)
                continue;
            var micros =
                (ulong.Parse(match.Groups["s"].ValueSpan, CultureInfo.InvariantCulture) * 1_000_000)
                + ulong.Parse(match.Groups["us"].ValueSpan, CultureInfo.InvariantCulture);
            yield return new KernelTextLine(
                int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["cpu"].ValueSpan, CultureInfo.InvariantCulture),
                micros,
                match.Groups["event"].Value,
                match.Groups["fields"].Value
            );
        }
    }

    [GeneratedRegex(
        @"^ *.*-(?<pid>\d+) +\[(?<cpu>\d+)\] \S{4,6} +(?<s>\d+)\.(?<us>\d{6}): (?<event>[^: (]+)[: (](?<fields>.*)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
