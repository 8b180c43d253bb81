using System.Text.Json;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Demo;

/// <summary>A result as text or as JSON (docs/guide/demo.md).</summary>
internal static class DemoReport
{
    public static void Write(IsolationResult result, Terminal terminal)
    {
        if (!result.IsConclusive)
        {
            IsolationLeg leg = result.Legs.Single(leg => leg.Kind == IsolationLegKind.ProcessWide);
            terminal.Line("no result: the machine was too busy");
            terminal.Line(
                $"    {leg.Kicks} process-wide barriers brought {leg.FunctionCalls} IPIs to CPU {result.IsolatedCpu}; "
                    + "one for every two is needed, else the"
            );
            terminal.Line(
                "    spinning thread did not have its CPU. Try a quieter machine, another --cpu, or, as root, chrt -f "
                    + "1 lazykick demo."
            );
            return;
        }

        terminal.Line(
            $"CPU {result.IsolatedCpu}: a registered thread spins in EQS. CPU {result.KickerCpu}: another thread kicks."
        );
        terminal.Line();
        terminal.Line(
            $"{"",-26}{"kicks/s",14}{"IPIs on CPU " + result.IsolatedCpu,16}{"gap p50 <=",14}{"gap p99.99 <=",16}"
        );
        foreach (var leg in result.Legs)
        {
            terminal.Line(
                $"{leg.Name,-26}{leg.Kicks / leg.Elapsed.TotalSeconds,14:N0}{leg.FunctionCalls,16:N0}"
                    + $"{Time((long)leg.Gaps.Quantile(0.5).AtMost),14}{Time((long)leg.Gaps.Quantile(0.9999).AtMost),16}"
            );
        }

        terminal.Line();
        terminal.Line(
            "A gap is the time between two turns of the spinning loop. IPIs are the CAL row of /proc/interrupts before "
                + "and after"
        );
        terminal.Line($"each leg, from whatever sender. Other interrupts on CPU {result.IsolatedCpu}:");
        foreach (var leg in result.Legs)
        {
            var others = string.Join(
                ", ",
                leg.Interrupts.Where(interrupt => interrupt.Source != InterruptCounts.FunctionCalls)
                    .Select(interrupt => $"{interrupt.Count:N0} {interrupt.Source} ({interrupt.Name})")
            );
            terminal.Line($"    {leg.Name}: {(others.Length == 0 ? "none" : others)}");
        }
    }

    public static DemoDocument Document(IsolationResult result) =>
        new(
            "lazykick.demo/2",
            result.IsConclusive,
            result.IsolatedCpu,
            result.KickerCpu,
            [.. (result.IsConclusive ? result.Legs : []).Select(Leg)]
        );

    private static DemoDocument.DemoLeg Leg(IsolationLeg leg) =>
        new(
            JsonNamingPolicy.CamelCase.ConvertName(leg.Kind.ToString()),
            Math.Round(leg.Elapsed.TotalSeconds, 6),
            leg.Kicks,
            leg.FunctionCalls,
            leg.Gaps.Count,
            (long)leg.Gaps.Quantile(0.5).AtMost,
            (long)leg.Gaps.Quantile(0.9999).AtMost,
            leg.Interrupts.ToDictionary(i => i.Source, i => i.Count, StringComparer.Ordinal)
        );

    private static string Time(long nanoseconds) =>
        nanoseconds < 10_000 ? $"{nanoseconds:N0} ns" : $"{nanoseconds / 1000.0:N1} us";
}
