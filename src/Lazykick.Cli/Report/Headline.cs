using System.Globalization;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>
/// A paragraph a CPU: what ended its user mode and the worst cause with its cure, then what the interrupts hit that
/// could have waited, and what the best scheme would have left of them.
/// </summary>
internal static class Headline
{
    /// <summary>Those of some CPUs, and one about all where no interrupt that could have waited came to any.</summary>
    public static IEnumerable<string> All(TraceReport report, IReadOnlyList<CpuReport> cpus, TraceTimes times)
    {
        // The same advice once.
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cpu in cpus)
        {
            string?[] sentences = [BreaksOf(cpu, report, times, told), InterruptsOf(cpu)];
            var said = sentences.OfType<string>().ToList();
            if (said.Count > 0)
                yield return $"CPU {cpu.Cpu}: {string.Join(" ", said)}";
        }

        if (cpus.All(static cpu => cpu.Kicks.Sent(Deferrability.Deferrable) == 0))
            yield return OfAll(cpus);
    }

    /// <summary>What ended user mode; null for a CPU without events of its own.</summary>
    private static string? BreaksOf(CpuReport cpu, TraceReport report, TraceTimes times, HashSet<string> told)
    {
        if (!cpu.HasEvents)
            return null;
        var count = Breaks.OfUser(cpu, static cause => cause.IsOutside());
        var text = Breaks.Plural(count, "break");
        switch (cpu.Knowledge.Of(Figure.Breaks))
        {
            case Certainty.Unknown:
            case Certainty.AtLeast when count == 0:
                return $"its breaks the trace cannot tell{Missing(cpu, Figure.Breaks, told)}.";
            case Certainty.AtLeast:
                text = "at least " + text;
                break;
            case Certainty.AtMost when count > 0:
                text = "at most " + text;
                break;
        }

        if (count == 0)
            return "no breaks of user mode.";
        if (cpu.Knowledge.Of(Figure.BreakTime) == Certainty.Unknown)
        {
            var missing = Missing(cpu, Figure.BreakTime, told);
            return $"{text} of user mode; how long they took the trace cannot tell{missing}.";
        }

        var stolen = times.Duration(Breaks.TimeOfUser(cpu, static cause => cause.IsOutside()));
        return $"{text} of user mode, {stolen} stolen, longest {times.Duration(cpu.LongestBreak)}."
            + WorstOf(report.BreakCausesOf(cpu.Cpu), times, told);
    }

    /// <summary>What a figure lacks, in words; nothing where it was said before.</summary>
    private static string Missing(CpuReport cpu, Figure figure, HashSet<string> told)
    {
        // Everything: not a list of causes, but a CPU that nobody asked for.
        if (cpu.Knowledge.Here == Evidence.None)
            return ": it was not recorded";
        var words = string.Join("; ", cpu.Knowledge.MissingFor(figure).Select(TraceWords.Of));
        return words != "" && told.Add(words) ? $"; missing: {words}" : "";
    }

    /// <summary>The cause that stole most, with who sent it and what helps, and that of the longest break.</summary>
    private static string WorstOf(IReadOnlyList<BreakCauseReport> causes, TraceTimes times, HashSet<string> told)
    {
        if (causes.Count == 0)
            return "";
        var worst = causes[0];
        var share = causes.Count > 1 ? $"{times.Duration(worst.Time)} of it by" : "All of it by";
        var sender = worst.Senders.Count > 0 ? $", sent by {worst.Senders[0].Task}" : "";
        var more = worst.Senders.Count > 1 ? $" and {Breaks.Plural(worst.Senders.Count - 1, "other task")}" : "";
        var longest = causes.MaxBy(static cause => cause.Longest)!;
        var other = longest == worst ? "" : $" The longest: {longest.Cause.Name}.";
        var cure = worst.Cause.Cure is { } advice && told.Add(advice) ? $" Cure: {advice}" : "";
        return $" {share} {worst.Cause.Name}{sender}{more}.{other}{cure}";
    }

    /// <summary>What the interrupts hit whose work could have waited; null where none was sent to the CPU.</summary>
    private static string? InterruptsOf(CpuReport cpu)
    {
        var sent = cpu.Kicks.Sent(Deferrability.Deferrable);
        if (sent == 0)
            return null;
        var states = cpu.Kicks;
        (long Count, string What)[] hits =
        [
            (
                states.Sent(Deferrability.Deferrable, CpuState.UserEqs)
                    + states.Sent(Deferrability.Deferrable, CpuState.User),
                cpu.IsTracked ? "user mode" : "user mode (no EQS without context tracking)"
            ),
            (states.Sent(Deferrability.Deferrable, CpuState.Idle), "idle"),
            (states.Sent(Deferrability.Deferrable, CpuState.Guest), "a guest"),
        ];
        // Where events are missing there were more of them, and what can be said is said of those that are left.
        var shown = cpu.Knowledge.Of(Figure.Sent) == Certainty.Known ? "" : " that the trace shows";
        var those = $"{Breaks.Plural(sent, "interrupt")}{shown} that could have waited";
        var parts = hits.Where(static hit => hit.Count > 0)
            .Select((hit, at) => at == 0 ? $"{Count(hit.Count)} of {those} hit {hit.What}" : Hit(hit.Count, hit.What))
            .ToList();
        var kernel = states.Sent(Deferrability.Deferrable, CpuState.Kernel);
        if (parts.Count == 0 && kernel > 0)
            parts.Add($"{(kernel == sent ? "all" : Count(kernel))} of {those} hit the kernel");
        var unknown = states.Sent(Deferrability.Deferrable, CpuState.Unknown);
        if (unknown > 0)
        {
            parts.Add(
                parts.Count == 0
                    ? $"of {those} the trace does not tell what they hit"
                    : $"of {Count(unknown)} it is not known"
            );
        }

        return $"{string.Join(", ", parts)}{Best(cpu, sent)}.";
    }

    private static string Hit(long count, string what) => $"{Count(count)} hit {what}";

    /// <summary>The sentence about all CPUs where none has one of its own.</summary>
    private static string OfAll(IReadOnlyList<CpuReport> cpus)
    {
        // Of a CPU that was not recorded everything is missing; that is told as a limit of the trace.
        var recorded = cpus.Where(static cpu => cpu.Knowledge.Here != Evidence.None).ToList();
        var missing = (recorded.Count > 0 ? recorded : cpus)
            .SelectMany(static cpu => cpu.Knowledge.MissingFor(Figure.Needless))
            .Distinct()
            .ToList();
        if (cpus.Count > 0 && missing.Count == 0)
        {
            return "No kick of a kind that could be deferred reached these CPUs. What did interrupt them is told "
                + "below.";
        }

        return missing.Count == 0
            ? "This trace shows no CPU."
            : "This trace cannot show whether kicks were needless; missing: "
                + $"{string.Join("; ", missing.Select(TraceWords.Of))}.";
    }

    private static string Best(CpuReport cpu, long sent)
    {
        if (cpu.Knowledge.Of(Figure.Prices) != Certainty.Known)
            return "";
        // A scheme that the checker refutes is no advice, whatever it saves.
        var best = cpu
            .Schemes.Where(static price => price.Rule.Refutation is null && price.Expected.InterruptsAvoided > 0)
            .OrderByDescending(static price => price.Expected.InterruptsAvoided - price.Expected.InterruptsAdded)
            .ThenBy(static price => price.Rule, SchemeOrder.Instance)
            .FirstOrDefault();
        if (best is null)
            return "";
        var left = sent - best.Expected.InterruptsAvoided;
        var caveat = best.Rule.IsChecked ? "" : " (not checked)";
        return $"; {best.Rule.Name}{caveat} would have sent {(left <= 0 ? "none" : Count(left))} of them";
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
