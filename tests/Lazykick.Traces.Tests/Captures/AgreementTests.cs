using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.States;
using Lazykick.Traces.Tests.Analysis;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// Against a kernel that says of each kick and target what a lazy kick would have decided, at the moment that it looked
/// (event ipi:kick_lazy of the capture lazykernel-S). The analysis does not read that event.
/// </summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private static readonly string[] s_phases = ["static_key", "sk_by_cpu0", "sk_user_cpu1", "perf_cpu2", "perf_cpu3"];

    // Kicks of the whole capture to each CPU.
    private static readonly long[] s_whole = [125, 555, 680, 680];

    // CPU 2 is in user mode and never makes a system call. CPU 3 makes one every 2 ms, and in one phase all the time;
    // CPUs 0 and 1 run what the others do not, and are idle between.
    private static readonly double[] s_goals = [0.97, 0.98, 0.998, 0.97];

    // The cuts have the phases in which most decisions differ, so that no share of them says anything; but of the
    // misses that the whole capture may have, its parts can have no more.
    [Fact]
    public void On_cuts_a_kick_is_decided_as_the_kernel_decided_it()
    {
        var agreement = new Agreement();
        foreach (var phase in s_phases)
            agreement.Add(CaptureCut.Of("lazykernel-S", phase).File, phase);

        Assert.Equal((280, 280), (agreement.All[2], agreement.All[3]));
        Check(agreement);
    }

    [Fact]
    public void On_whole_captures_a_kick_is_decided_as_the_kernel_decided_it()
    {
        var agreement = new Agreement();
        agreement.Add(SharedTraces.Path("lazykernel-S"), "WINDOW");

        Assert.Equal(s_whole, agreement.All);
        Check(agreement);
    }

    private void Check(Agreement agreement)
    {
        for (var cpu = 0; cpu < 4; cpu++)
        {
            output.WriteLine($"CPU {cpu}: {agreement.Same[cpu]} of {agreement.All[cpu]}, {agreement.Share(cpu):P2}");
            var allowed = (long)((1 - s_goals[cpu]) * s_whole[cpu]);
            Assert.InRange(agreement.All[cpu] - agreement.Same[cpu], 0, allowed);
        }
    }

    private sealed class Agreement
    {
        public long[] All { get; } = new long[4];

        public long[] Same { get; } = new long[4];

        public double Share(int cpu) => (double)Same[cpu] / All[cpu];

        public void Add(string path, string phase)
        {
            var decisions = Decisions(path);
            var analysis = AnalyzedCapture.OfFile(path, phase);
            foreach (var kick in analysis.Kicks.Where(kick => analysis.Function(kick) == "do_nothing"))
            {
                // The kernel looks at all targets, then queues for the first.
                var times = decisions[(kick.Sender, kick.Target)];
                var index = times.FindLastIndex(decision => decision.Time <= kick.QueueTime);
                Assert.True(index >= 0);
                All[kick.Target]++;
                Same[kick.Target] += kick.SampleState.IsEqs() == times[index].Skips ? 1 : 0;
            }
        }

        private static Dictionary<(int Sender, int Target), List<(ulong Time, bool Skips)>> Decisions(string path)
        {
            using var trace = TraceFile.Open(path);
            var format = trace.Find("ipi", "kick_lazy")!;
            var (cpu, skipped) = (format.Find("cpu")!, format.Find("skipped")!);
            var dispatch = new EventDispatch();
            dispatch.Set(format, 1);
            var reader = trace.OpenReader(dispatch);
            var decisions = new Dictionary<(int, int), List<(ulong, bool)>>();
            while (reader.TryRead(out var next))
            {
                var key = (next.Cpu, (int)cpu.ReadUInt64(next.Payload));
                if (!decisions.TryGetValue(key, out var list))
                    decisions.Add(key, list = []);
                list.Add((next.Timestamp, skipped.ReadUInt64(next.Payload) != 0));
            }

            return decisions;
        }
    }
}
