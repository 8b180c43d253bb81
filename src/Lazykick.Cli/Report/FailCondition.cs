using System.Diagnostics.CodeAnalysis;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>
/// A threshold for scripts: <c>[cpu=2-3] [phase=NAME] METRIC OPERATOR NUMBER</c>, for example <c>cpu=2-3
/// needless&gt;0</c> or <c>longest&gt;50us</c>.
/// </summary>
internal sealed record FailCondition(
    string Text,
    IReadOnlySet<int>? Cpus,
    string? Phase,
    FailMetric Metric,
    string Operator,
    long Number
)
{
    // Longer ones first: '>=' begins with '>'.
    private static readonly string[] s_operators = [">=", "<=", "!=", ">", "<", "="];

    public static bool TryParse(string text, [NotNullWhen(true)] out FailCondition? condition, out string error)
    {
        condition = null;
        error =
            $"'{text}': expected [cpu=LIST] [phase=NAME] METRIC OPERATOR NUMBER, for example 'cpu=2-3 needless>0' or "
            + "'cpu=2-3 longest>50us'";
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
        if (FailMetric.Find(rest[..at]) is not { } metric)
        {
            var names = string.Join(", ", FailMetric.All.Select(static known => known.Name));
            error = $"'{text}': there is no '{rest[..at]}' to compare; there are {names}";
            return false;
        }

        var compare = s_operators.FirstOrDefault(known => rest.AsSpan(at).StartsWith(known));
        if (compare is null)
            return false;
        var amount = rest[(at + compare.Length)..];
        if (metric.Parse(amount) is not { } number)
        {
            if (metric.IsTime)
                error = $"'{text}': {metric.Name} is a time with its unit, such as 50us, 1.5ms or 2s, not '{amount}'";
            return false;
        }

        condition = new FailCondition(text, cpus, phase, metric, compare, number);
        return true;
    }

    /// <summary>
    /// Whether the threshold is crossed, and by what: what lies between the bounds of the figure decides. Null where
    /// the report does not have the phase, or one of the CPUs.
    /// </summary>
    public Answer? Evaluate(TraceReport report)
    {
        var scope = Phase is null ? report.Selection : report.Phases.FirstOrDefault(phase => phase.Name == Phase);
        if (scope is null || MissingCpus(report).Count > 0)
            return null;
        var times = new TraceTimes(report.Trace);
        var bounds = Metric.Of(scope.Cpus.Where(cpu => Cpus is null || Cpus.Contains(cpu.Cpu)), times);
        return new Answer(bounds.Least == bounds.Most ? bounds.Least : null, IsCrossed(bounds), bounds.Least);
    }

    /// <summary>CPUs that the condition names and the report does not have.</summary>
    public IReadOnlyList<int> MissingCpus(TraceReport report) =>
        Cpus is null ? [] : [.. Cpus.Except(report.Selection.Cpus.Select(static cpu => cpu.Cpu)).Order()];

    private bool? IsCrossed(FigureBounds value)
    {
        var (never, always) = Operator switch
        {
            ">" => (value.Most <= Number, value.Least > Number),
            ">=" => (value.Most < Number, value.Least >= Number),
            "<" => (value.Least >= Number, value.Most < Number),
            "<=" => (value.Least > Number, value.Most <= Number),
            "=" => (value.Least > Number || value.Most < Number, value.Least == Number && value.Most == Number),
            _ => (value.Least == Number && value.Most == Number, value.Least > Number || value.Most < Number),
        };
        return always ? true
            : never ? false
            : null;
    }

    /// <summary>What a trace says of a condition; times in nanoseconds.</summary>
    /// <param name="Value">The figure, or null where the trace cannot tell it.</param>
    /// <param name="IsCrossed">Whether it crosses the threshold, or null where that depends on what is not
    /// told.</param>
    /// <param name="Least">A lower bound of the figure.</param>
    internal readonly record struct Answer(long? Value, bool? IsCrossed, long Least);
}
