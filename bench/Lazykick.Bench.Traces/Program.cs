using System.Diagnostics;
using Lazykick.Traces;

using var trace = TraceFile.Open(args[1]);
var start = Process.GetCurrentProcess().TotalProcessorTime;
var wall = Stopwatch.StartNew();
long events = 0;
ulong sum = 0;
if (args[0] == "merged")
{
    var reader = trace.OpenReader(EventDispatch.CreateForAll());
    while (reader.TryRead(out var next))
    {
        events++;
        sum += next.Timestamp ^ next.Id;
    }
}
else
{
    var dispatch = args[0] == "parallel-few" ? new EventDispatch() : EventDispatch.CreateForAll();
    if (args[0] == "parallel-few")
    {
        foreach (var f in trace.Formats)
            if (f.System is "ipi" or "csd" or "irq_vectors") dispatch.Set(f, 1);
    }
    var threads = trace.DefaultBuffer.Cpus.Select(cpu => new Thread(() =>
    {
        var cursor = trace.DefaultBuffer.OpenCpu(cpu, dispatch);
        ulong s = 0;
        while (cursor.MoveNext())
            s += cursor.Timestamp ^ cursor.Id;
        Interlocked.Add(ref events, cursor.EventCount);
        Interlocked.Add(ref sum, s);
    })).ToList();
    threads.ForEach(static t => t.Start());
    threads.ForEach(static t => t.Join());
}

var process = Process.GetCurrentProcess();
var cpuSeconds = (process.TotalProcessorTime - start).TotalSeconds;
Console.WriteLine($"{args[0]}: {events} events, {cpuSeconds:F3} CPU s, {events / cpuSeconds / 1e6:F1} M/CPU-s; with start {events / process.TotalProcessorTime.TotalSeconds / 1e6:F1} M/CPU-s; wall {wall.Elapsed.TotalSeconds:F3}; peak {process.PeakWorkingSet64 >> 20} MB; damage {trace.Damage.Count} {sum:x}");
foreach (var d in trace.Damage.Take(5)) Console.WriteLine(d);
