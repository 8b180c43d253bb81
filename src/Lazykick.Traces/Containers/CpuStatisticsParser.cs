using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lazykick.Traces.Containers;

/// <summary>
/// Reads <c>cpu0 entries: 61418 overrun: 0 ...</c>, one CPU a line, and trace-cmd's <c>CPU: 0</c> followed by the
/// kernel's lines.
/// </summary>
internal static partial class CpuStatisticsParser
{
    public static IReadOnlyList<CpuStatistics> Parse(ReadOnlySpan<byte> text)
    {
        var all = new List<CpuStatistics>();
        var starts = Start().Matches(Encoding.UTF8.GetString(text));
        for (var i = 0; i < starts.Count; i++)
        {
            var cpu = starts[i];
            var body = cpu.Groups["body"].Value;
            if (
                int.TryParse(
                    cpu.Groups["cpu"].ValueSpan,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
            {
                all.Add(
                    new CpuStatistics(
                        number,
                        Value(body, "entries"),
                        Value(body, "overrun"),
                        Value(body, "commit overrun"),
                        Value(body, "dropped events")
                    )
                );
            }
        }

        return all;
    }

    private static long Value(string body, string name)
    {
        foreach (Match match in Counter().Matches(body))
        {
            if (
                match.Groups["name"].ValueSpan.SequenceEqual(name)
                && long.TryParse(
                    match.Groups["value"].ValueSpan,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var value
                )
            )
            {
                return value;
            }
        }

        return 0;
    }

    [GeneratedRegex(
        @"cpu:?\s?(?<cpu>\d+)(?<body>(?:(?!cpu:?\s?\d).)*)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Start();

    [GeneratedRegex(
        @"(?<name>entries|commit overrun|overrun|dropped events):\s*(?<value>\d+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Counter();
}
