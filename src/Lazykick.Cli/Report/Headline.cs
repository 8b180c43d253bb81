using System.Globalization;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>One sentence a CPU: what its kicks hit, and what the best scheme would have left of them.</summary>
internal static class Headline
{
    /// <summary>The sentence, or null where no deferrable kick was sent to the CPU.</summary>
    public static string? Of(CpuReport cpu)
    {
        var sent = cpu.Kicks.Sent(Deferrability.Deferrable);
        if (sent == 0)
            return null;
        var user =
            cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.UserEqs)
            + cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.User);
        var idle = cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.Idle);
        var guest = cpu.Kicks.Sent(Deferrability.Deferrable, CpuState.Guest);
        var hits = new List<string>();
        if (user > 0)
            hits.Add($"{Count(user)} of {Count(sent)} deferrable kicks hit user mode");
        if (idle > 0)
        {
            hits.Add(
                hits.Count == 0
                    ? $"{Count(idle)} of {Count(sent)} deferrable kicks hit idle"
                    : $"{Count(idle)} hit idle"
            );
        }

        if (guest > 0)
        {
            hits.Add(
                hits.Count == 0
                    ? $"{Count(guest)} of {Count(sent)} deferrable kicks hit a guest"
                    : $"{Count(guest)} hit a guest"
            );
        }

        if (hits.Count == 0)
            hits.Add($"all {Count(sent)} deferrable kicks hit the kernel");
        return $"CPU {cpu.Cpu}: {string.Join(", ", hits)}{Best(cpu, sent)}.";
    }

    private static string Best(CpuReport cpu, long sent)
    {
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
