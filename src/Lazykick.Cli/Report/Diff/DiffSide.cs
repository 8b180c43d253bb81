using Lazykick.Traces;
using Lazykick.Traces.Comparing;
using Lazykick.Traces.Files;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report.Diff;

/// <summary>One of the two recordings.</summary>
internal sealed class DiffSide : IDisposable
{
    // Kicks of one static key take milliseconds; of one burst of them some tens.
    private const double SliceNanoseconds = 50e6;

    private readonly Dictionary<int, Bursts> _bursts = [];
    private readonly TraceFile _trace;

    public DiffSide(string file, ReportSettings settings, CancellationToken cancellation)
    {
        _trace = TraceFile.Open(file, cancellation);
        var times = new TraceTimes(_trace);
        var slice = (ulong)Math.Max(1, SliceNanoseconds / Math.Max(1e-6, times.Nanoseconds(1_000_000) / 1e6));
        var progress = new ProgressLine(file, times);
        Report = TraceAnalysis.Run(
            _trace,
            new AnalysisOptions
            {
                Cpus = settings.Cpus,
                Tasks = settings.Tasks?.Resolve(_trace, progress.Update, cancellation),
                From = settings.From?.On(times),
                To = settings.To?.On(times),
                Phase = settings.Phase,
                OnProgress = progress.Update,
                OnKick = kick =>
                {
                    if (!_bursts.TryGetValue(kick.Target, out var bursts))
                        _bursts.Add(kick.Target, bursts = new Bursts(slice));
                    bursts.Add(kick.QueueTime);
                },
            },
            cancellation
        );
        ProgressLine.Done();
        Name = file;
        Seconds = times.Nanoseconds(Report.Selection.Duration) / 1e9;
        Times = times;
    }

    public string Name { get; }

    public TraceReport Report { get; }

    public TraceTimes Times { get; }

    /// <summary>Nanoseconds of a unit of the trace clock.</summary>
    public double NanosecondsPerUnit => Times.Nanoseconds(1_000_000) / 1e6;

    /// <summary>Length of what was asked for.</summary>
    public double Seconds { get; }

    public CpuReport? Cpu(int cpu) => Report.Selection.Cpus.FirstOrDefault(known => known.Cpu == cpu);

    /// <summary>How much kicks to these CPUs come in bursts: the worst of them.</summary>
    public double Dispersion(IEnumerable<int> cpus) =>
        cpus.Select(cpu => _bursts.TryGetValue(cpu, out var bursts) ? bursts.Dispersion : 1).DefaultIfEmpty(1).Max();

    public void Dispose() => _trace.Dispose();
}
