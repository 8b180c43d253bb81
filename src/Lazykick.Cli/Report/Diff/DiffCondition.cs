using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report.Diff;

/// <summary>
/// A threshold of <c>report --diff</c>: <c>[cpu=LIST] METRIC &gt;|&lt; PERCENT</c>. It is crossed where the whole
/// interval of the change lies on that side, so that chance alone does not cross it.
/// </summary>
internal sealed partial record DiffCondition(
    string Text,
    IReadOnlySet<int>? Cpus,
    DiffMetric Metric,
    bool IsAbove,
    double Percent
)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out DiffCondition? condition, out string error)
    {
        condition = null;
        error = $"'{text}': with --diff expected [cpu=LIST] METRIC >|< PERCENT, for example 'cpu=2-3 breaks>10%'";
        var match = Form().Match(text);
        if (!match.Success)
            return false;
        IReadOnlySet<int>? cpus = null;
        if (match.Groups["cpus"].Success && !CpuListText.TryParse(match.Groups["cpus"].Value, out cpus))
        {
            error = $"'{text}': '{match.Groups["cpus"].Value}' is no list of CPUs such as 0,2-3";
            return false;
        }

        if (DiffMetric.Find(match.Groups["metric"].Value) is not { } metric)
        {
            var names = string.Join(", ", DiffMetric.All.Select(static known => known.Name));
            error = $"'{text}': --diff does not compare '{match.Groups["metric"].Value}'; it compares {names}";
            return false;
        }

        var percent = double.Parse(match.Groups["percent"].ValueSpan, CultureInfo.InvariantCulture);
        condition = new DiffCondition(text, cpus, metric, match.Groups["side"].Value == ">", percent);
        return true;
    }

    /// <summary>
    /// Whether the change is surely beyond the threshold; of the longest break, which has no interval, whether the two
    /// that were recorded are. Null where a recording does not tell.
    /// </summary>
    public bool? IsCrossed(IReadOnlyList<int> cpus, DiffSide before, DiffSide after)
    {
        if (!Metric.IsTold(cpus, before, after))
            return null;
        if (Metric == DiffMetric.Longest)
        {
            var (limit, found) = (Metric.Of(cpus, before) * (1 + (Percent / 100)), Metric.Of(cpus, after));
            return IsAbove ? found > limit : found < limit;
        }

        var change = Metric.Change(cpus, before, after);
        return IsAbove ? change.IsAbove(Percent) : change.IsBelow(Percent);
    }

    [GeneratedRegex(
        @"^\s*(cpu=(?<cpus>\S+)\s+)?(?<metric>[a-z-]+)\s*(?<side>[<>])\s*(?<percent>[+-]?\d+(\.\d+)?)\s*%?\s*$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Form();
}
