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

    private static readonly Dictionary<string, Func<CpuReport, Bounds>> s_metrics = new(StringComparer.Ordinal)
    {
        ["kicks"] = static cpu => Of(cpu, Figure.Asked, cpu.Kicks.Count),
        ["interrupts"] = static cpu => Of(cpu, Figure.Sent, cpu.Kicks.Interrupts),
        ["needless"] = static cpu =>
            cpu.Knowledge.Of(Figure.Needless) == Certainty.Known
                ? Of(cpu, Figure.Needless, cpu.Kicks.Verdict(KickVerdict.Needless))
                : new Bounds(cpu.NeedlessAtLeast, cpu.NeedlessAtMost),
        ["needless-at-most"] = static cpu => new Bounds(cpu.NeedlessAtMost ?? cpu.NeedlessAtLeast, cpu.NeedlessAtMost),
        ["raced"] = static cpu => Of(cpu, KickVerdict.Raced),
        ["needed"] = static cpu => Of(cpu, KickVerdict.Needed),
        ["never"] = static cpu => Of(cpu, KickVerdict.NeverDeferrable),
        ["unknown"] = static cpu => Of(cpu, KickVerdict.Unknown),
        ["breaks"] = static cpu => Of(cpu, Figure.Breaks, Breaks.OfUser(cpu, static cause => cause.IsOutside())),
        ["kick-breaks"] = static cpu => Of(cpu, Figure.KickBreaks, Breaks.OfUser(cpu, static cause => cause.IsKick())),
        ["wakes"] = static cpu => Of(cpu, Figure.KickWakes, Breaks.OfIdle(cpu, static cause => cause.IsKick())),
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

    /// <summary>
    /// Whether the threshold is crossed, and by what: what lies between the bounds of the figure decides. Null where
    /// the report does not have the phase, or one of the CPUs.
    /// </summary>
    public Answer? Evaluate(TraceReport report)
    {
        var scope = Phase is null ? report.Selection : report.Phases.FirstOrDefault(phase => phase.Name == Phase);
        if (scope is null || MissingCpus(report).Count > 0)
            return null;
        var sum = new Bounds(0, 0);
        foreach (var cpu in scope.Cpus.Where(cpu => Cpus is null || Cpus.Contains(cpu.Cpu)))
        {
            var bounds = s_metrics[Metric](cpu);
            sum = new Bounds(sum.Least + bounds.Least, sum.Most + bounds.Most);
        }

        return new Answer(sum.Least == sum.Most ? sum.Least : null, IsCrossed(sum), sum.Least);
    }

    /// <summary>CPUs that the condition names and the report does not have.</summary>
    public IReadOnlyList<int> MissingCpus(TraceReport report) =>
        Cpus is null ? [] : [.. Cpus.Except(report.Selection.Cpus.Select(static cpu => cpu.Cpu)).Order()];

    private bool? IsCrossed(Bounds value)
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

    private static Bounds Of(CpuReport cpu, KickVerdict verdict) =>
        Of(cpu, CpuFigures.Of(verdict), cpu.Kicks.Verdict(verdict));

    private static Bounds Of(CpuReport cpu, Figure figure, long counted) =>
        cpu.Knowledge.Of(figure) switch
        {
            Certainty.Known => new Bounds(counted, counted),
            // An interrupt without a sender may be one whose sending is counted.
            Certainty.AtLeast => new Bounds(
                figure is Figure.Asked or Figure.Sent or Figure.Never
                    ? Math.Max(0, counted - cpu.Kicks.Unattributed)
                    : counted,
                null
            ),
            Certainty.AtMost => new Bounds(0, counted),
            _ => new Bounds(0, null),
        };

    /// <summary>The truth about a figure lies here.</summary>
    private readonly record struct Bounds(long Least, long? Most);

    /// <summary>What a trace says of a condition.</summary>
    /// <param name="Value">The figure, or null where the trace cannot tell it.</param>
    /// <param name="IsCrossed">Whether it crosses the threshold, or null where that depends on what is not
    /// told.</param>
    /// <param name="Least">A lower bound of the figure.</param>
    internal readonly record struct Answer(long? Value, bool? IsCrossed, long Least);
}
