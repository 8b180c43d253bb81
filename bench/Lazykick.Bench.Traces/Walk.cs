using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;

namespace Lazykick.Bench.Traces;

/// <summary>The reading layer alone: every event of every CPU, one thread a CPU.</summary>
internal static class Walk
{
    public static int Run(string file)
    {
        using var trace = TraceFile.Open(file);
        long events = 0;
        ulong sum = 0;
        Parallel.ForEach(
            trace.DefaultBuffer.Cpus,
            cpu =>
            {
                var cursor = trace.DefaultBuffer.OpenCpu(cpu, EventDispatch.CreateForAll());
                ulong own = 0;
                while (cursor.MoveNext())
                    own += cursor.Timestamp ^ cursor.Id;
                Interlocked.Add(ref events, cursor.EventCount);
                Interlocked.Add(ref sum, own);
            }
        );
        Console.WriteLine($"{events} {sum:x} {trace.Damage.Count}");
        return trace.Damage.Count == 0 ? 0 : 1;
    }
}
