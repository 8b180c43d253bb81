using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Tests.Analysis;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// What is predicted from a recording of the kernel as it is (lazykernel-A), against a recording of the same workload
/// on a kernel that really skips (lazykernel-B).
/// </summary>
public sealed class PredictionTests(ITestOutputHelper output)
{
    [Fact]
    public void On_cuts_the_kernel_that_skips_sends_what_was_predicted()
    {
        var score = new Score();
        foreach (var phase in new[] { "static_key", "sk_by_cpu0", "sk_user_cpu1", "perf_cpu2", "perf_cpu3" })
        {
            var real = CaptureCut.Of("lazykernel-B", phase);
            var asked = AnalyzedCapture.OfFile(CaptureCut.Of("lazykernel-A", phase).File, phase);
            for (var cpu = 0; cpu < 4; cpu++)
            {
                var sends = real.Decisions.GetValueOrDefault((cpu, false));
                score.Add(asked, cpu, sends, sends + real.Decisions.GetValueOrDefault((cpu, true)));
            }
        }

        Check(score, 14);
    }

    [Fact]
    public void On_whole_captures_the_kernel_that_skips_sends_what_was_predicted()
    {
        var score = new Score();
        var path = SharedTraces.Path("lazykernel-A");
        foreach (var (phase, decisions) in Decisions(SharedTraces.Path("lazykernel-B")))
        {
            var asked = AnalyzedCapture.OfFile(path, phase);
            for (var cpu = 0; cpu < 4; cpu++)
                score.Add(asked, cpu, decisions[cpu].Sends, decisions[cpu].All);
        }

        Check(score, 33);
    }

    private void Check(Score score, int least)
    {
        for (var cpu = 0; cpu < 4; cpu++)
            output.WriteLine($"CPU {cpu}: {score.Inside[cpu]} of {score.All[cpu]} inside");
        output.WriteLine(string.Join(Environment.NewLine, score.Outside));

        Assert.True(score.All.Sum() >= least, $"{score.All.Sum()} compared");
        Assert.Empty(score.Outside);
        // An interval that says everything says nothing.
        var widths = score.Widths.Order().ToList();
        output.WriteLine($"median width {widths[widths.Count / 2]:F2} of the beta-binomial interval's");
        Assert.True(widths[widths.Count / 2] <= 1.3);
    }

    private static Dictionary<string, (long Sends, long All)[]> Decisions(string path)
    {
        using var trace = TraceFile.Open(path);
        var format = trace.Find("ipi", "kick_lazy")!;
        var (cpu, skipped) = (format.Find("cpu")!, format.Find("skipped")!);
        var print = trace.Find("ftrace", "print")!;
        var text = print.Find("buf")!;
        var dispatch = new EventDispatch();
        dispatch.Set(format, 1);
        dispatch.Set(print, 2);
        var reader = trace.OpenReader(dispatch);
        var decisions = new Dictionary<string, (long Sends, long All)[]>(StringComparer.Ordinal);
        var phase = "";
        while (reader.TryRead(out var next))
        {
            if (next.Id == print.Id)
            {
                if (text.ReadText(next.Payload).TrimEnd().Split(' ') is ["PHASE", not "WINDOW" and var name, var edge])
                    phase = edge == "begin" ? name : "";
                continue;
            }

            if (phase.Length == 0)
                continue;
            if (!decisions.TryGetValue(phase, out var counts))
                decisions.Add(phase, counts = new (long, long)[4]);
            ref var count = ref counts[(int)cpu.ReadUInt64(next.Payload)];
            count = (count.Sends + (skipped.ReadUInt64(next.Payload) == 0 ? 1 : 0), count.All + 1);
        }

        return decisions;
    }

    private sealed class Score
    {
        public int[] All { get; } = new int[4];

        public int[] Inside { get; } = new int[4];

        public List<string> Outside { get; } = [];

        public List<double> Widths { get; } = [];

        public void Add(AnalyzedCapture asked, int cpu, long sends, long kicks)
        {
            var price = asked.Cpu(cpu).Schemes.Single(static price => price.Rule.Name == "eqs");
            // Who toggles where is chance as well: only as many kicks of a CPU can be compared.
            if (kicks == 0 || price.Expected.Served != kicks)
                return;

            var others =
                price.Expected.InterruptsLeft - price.Expected.ServedInterrupts + price.Expected.InterruptsAvoided;
            var (low, high) = (price.AnotherRun.Low - others, price.AnotherRun.High - others);
            var plain = PredictionInterval.Of(
                price.Expected.ServedInterrupts - price.Expected.InterruptsAvoided,
                price.Expected.ServedInterrupts,
                1
            );
            Widths.Add((high - low) / (plain.High - plain.Low));
            All[cpu]++;
            if (sends >= low && sends <= high)
                Inside[cpu]++;
            else
                Outside.Add($"{asked.Report.Selection.Name} CPU {cpu}: {sends} of {kicks}, {low}..{high} predicted");
        }
    }
}
