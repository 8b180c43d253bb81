using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>
/// A threshold for scripts: <c>[cpu=2-3] [phase=NAME] METRIC OPERATOR NUMBER</c>, for example <c>cpu=2-3
/// needless&gt;0</c>. Counts of all these CPUs are added up.
/// </summary>
internal sealed record FailCondition(
    string Text,
    IReadOnlySet<int>? Cpus,
    string? Phase,
    string Metric,
    string Operator,
    long Number
)
{
    // Longer ones first: '>=' begins with '>'.
    private static readonly string[] s_operators = [">=", "<=", "!=", ">", "<", "="];

    private static readonly Dictionary<string, Func<CpuReport, long>> s_metrics = new(StringComparer.Ordinal)
    {
        ["kicks"] = static cpu => cpu.Kicks.Count,
        ["interrupts"] = static cpu => cpu.Kicks.Interrupts,
        ["needless"] = static cpu => cpu.Kicks.Verdict(KickVerdict.Needless),
        ["needless-at-most"] = static cpu =>
            cpu.Kicks.Verdict(KickVerdict.Needless) + cpu.Kicks.Verdict(KickVerdict.Unknown),
        ["raced"] = static cpu => cpu.Kicks.Verdict(KickVerdict.Raced),
        ["needed"] = static cpu => cpu.Kicks.Verdict(KickVerdict.Needed),
        ["never"] = static cpu => cpu.Kicks.Verdict(KickVerdict.NeverDeferrable),
        ["unknown"] = static cpu => cpu.Kicks.Verdict(KickVerdict.Unknown),
        ["breaks"] = static cpu => Breaks.OfUser(cpu, static cause => cause.IsOutside()),
        ["kick-breaks"] = static cpu => Breaks.OfUser(cpu, static cause => cause.IsKick()),
        ["wakes"] = static cpu => Breaks.OfIdle(cpu, static cause => cause.IsKick()),
    };

    /// <summary>What can be compared.</summary>
    public static IReadOnlyCollection<string> Metrics => s_metrics.Keys;

    public static bool TryParse(string text, [NotNullWhen(true)] out FailCondition? condition, out string error)
    {
        condition = null;
        error = $"'{text}': expected [cpu=LIST] [phase=NAME] METRIC OPERATOR NUMBER, for example 'cpu=2-3 needless>0'";
        IReadOnlySet<int>? cpus = null;
        string? phase = null;
        var rest = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith("cpu=", StringComparison.Ordinal))
            {
                if (!CpuListText.TryParse(word[4..], out cpus))
                {
                    error = $"'{text}': '{word[4..]}' is no list of CPUs such as 0,2-3";
                    return false;
                }
            }
            else if (word.StartsWith("phase=", StringComparison.Ordinal))
            {
                phase = word[6..];
            }
            else
            {
                rest += word;
            }
        }

        var at = rest.AsSpan().IndexOfAny("<>=!");
        if (at <= 0)
            return false;
        var metric = rest[..at];
        if (!s_metrics.ContainsKey(metric))
        {
            error = $"'{text}': there is no '{metric}' to compare; there are {string.Join(", ", s_metrics.Keys)}";
            return false;
        }

        foreach (var compare in s_operators)
        {
            if (!rest.AsSpan(at).StartsWith(compare))
                continue;
            if (
                !long.TryParse(
                    rest.AsSpan(at + compare.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
            {
                return false;
            }

            condition = new FailCondition(text, cpus, phase, metric, compare, number);
            return true;
        }

        return false;
    }

    /// <summary>Whether the threshold is crossed, and by what; null where the report does not have the phase.</summary>
    public (bool Crossed, long Value)? Evaluate(TraceReport report)
    {
        var scope = Phase is null ? report.Selection : report.Phases.FirstOrDefault(phase => phase.Name == Phase);
        if (scope is null)
            return null;
        var value = scope.Cpus.Where(cpu => Cpus is null || Cpus.Contains(cpu.Cpu)).Sum(s_metrics[Metric]);
        var crossed = Operator switch
        {
            ">" => value > Number,
            ">=" => value >= Number,
            "<" => value < Number,
            "<=" => value <= Number,
            "=" => value == Number,
            _ => value != Number,
        };
        return (crossed, value);
    }
}
