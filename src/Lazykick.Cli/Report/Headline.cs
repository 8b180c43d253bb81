using System.Globalization;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>
/// A line a CPU: what ended its user mode, then what its kicks hit, and what the best scheme would have left of them.
/// </summary>
internal static class Headline
{
    /// <summary>The lines of some CPUs, and one about all where no deferrable kick was sent to any.</summary>
    public static IEnumerable<string> All(IReadOnlyList<CpuReport> cpus, TraceTimes times)
    {
        var lines = cpus.Select(cpu => Of(cpu, times)).OfType<string>();
        return cpus.Any(static cpu => cpu.Kicks.Sent(Deferrability.Deferrable) > 0) ? lines : lines.Append(OfAll(cpus));
    }

    /// <summary>The line, or null where there is nothing to say of the CPU.</summary>
    private static string? Of(CpuReport cpu, TraceTimes times)
    {
        string?[] sentences = [BreaksOf(cpu, times), KicksOf(cpu)];
        var told = sentences.OfType<string>().ToList();
        return told.Count == 0 ? null : $"CPU {cpu.Cpu}: {string.Join(" ", told)}";
    }

    /// <summary>What ended user mode; null for a CPU without events of its own.</summary>
    private static string? BreaksOf(CpuReport cpu, TraceTimes times)
    {
        if (!cpu.HasEvents)
            return null;
        var count = Breaks.OfUser(cpu, static cause => cause.IsOutside());
        var text = Breaks.Plural(count, "break");
        switch (cpu.Knowledge.Of(Figure.Breaks))
        {
            case Certainty.Unknown:
            case Certainty.AtLeast when count == 0:
                return "its breaks the trace cannot tell.";
            case Certainty.AtLeast:
                text = "at least " + text;
                break;
            case Certainty.AtMost when count > 0:
                text = "at most " + text;
                break;
        }

        if (count == 0)
            return "no breaks.";
        if (cpu.Knowledge.Of(Figure.BreakTime) == Certainty.Unknown)
            return $"{text}; how long they took the trace cannot tell.";
        var stolen = times.Duration(Breaks.TimeOfUser(cpu, static cause => cause.IsOutside()));
        return $"{text}, {stolen} stolen, longest {times.Duration(cpu.LongestBreak)}.";
    }

    /// <summary>What deferrable kicks hit; null where none was sent to the CPU.</summary>
    private static string? KicksOf(CpuReport cpu)
    {
        var sent = cpu.Kicks.Sent(Deferrability.Deferrable);
        if (sent == 0)
            return null;
        var user =
            cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.UserEqs)
            + cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.User);
        var idle = cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.Idle);
        var guest = cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.Guest);
        // Where events are missing there were more of them, and what can be said is said of those that are left.
        var shown = cpu.Knowledge.Of(Figure.Sent) == Certainty.Known ? "" : " that the trace shows";
        var hits = new List<string>();
        if (user > 0)
            hits.Add($"{Count(user)} of {Count(sent)} deferrable kicks{shown} hit user mode");
        if (idle > 0)
        {
            hits.Add(
                hits.Count == 0
                    ? $"{Count(idle)} of {Count(sent)} deferrable kicks{shown} hit idle"
                    : $"{Count(idle)} hit idle"
            );
        }

        if (guest > 0)
        {
            hits.Add(
                hits.Count == 0
                    ? $"{Count(guest)} of {Count(sent)} deferrable kicks{shown} hit a guest"
                    : $"{Count(guest)} hit a guest"
            );
        }

        var kernel = cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.Kernel);
        var unknown = cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.Unknown);
        if (hits.Count == 0 && kernel > 0)
        {
            var part = kernel == sent ? $"all {Count(kernel)}" : $"{Count(kernel)} of {Count(sent)}";
            hits.Add($"{part} deferrable kicks{shown} hit the kernel");
        }

        if (unknown > 0)
        {
            hits.Add(
                hits.Count == 0
                    ? $"of {Count(sent)} deferrable kicks{shown} the trace does not tell what they hit"
                    : $"of {Count(unknown)} it is not known"
            );
        }

        return $"{string.Join(", ", hits)}{Best(cpu, sent)}.";
    }

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
