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

    // Thirteen of the sixteen disagreements of the whole capture on CPU 3 lie in these phases.
    [Fact]
    public void On_cuts_a_kick_is_decided_as_the_kernel_decided_it()
    {
        var agreement = new Agreement();
        foreach (var phase in s_phases)
            agreement.Add(CaptureCut.Of("lazykernel-S", phase).File, phase);

        Check(agreement, 280, 0.95);
    }

    [Fact]
    public void On_whole_captures_a_kick_is_decided_as_the_kernel_decided_it()
    {
        var agreement = new Agreement();
        agreement.Add(SharedTraces.Path("lazykernel-S"), "WINDOW");

        Check(agreement, 680, 0.97);
    }

    private void Check(Agreement agreement, long kicks, double withCalls)
    {
        for (var cpu = 0; cpu < 4; cpu++)
            output.WriteLine($"CPU {cpu}: {agreement.Same[cpu]} of {agreement.All[cpu]}, {agreement.Share(cpu):P2}");

        // CPU 2 never makes a system call; CPU 3 makes one every 2 ms, and in one phase all the time.
        Assert.Equal((kicks, kicks), (agreement.All[2], agreement.All[3]));
        Assert.True(agreement.Share(2) >= 0.998);
        Assert.True(agreement.Share(3) >= withCalls);
        // Housekeeping CPUs: idle, and now and then not.
        Assert.True(agreement.Share(1) >= 0.98);
        Assert.True(agreement.Share(0) >= 0.97);
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
