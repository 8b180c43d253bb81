using Lazykick.Traces.Containers;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Traces;

/// <summary>Analyses a trace: reads every CPU on its own in parallel, then joins what concerns several CPUs.</summary>
public static class TraceAnalysis
{
    /// <summary>
    /// State events lie up to this far outside the change that they tell (cpu_idle, user_enter, user_exit), and a page
    /// fault without an exit event is taken to last this long: 1 microsecond.
    /// </summary>
    public const ulong StateSlack = 1000;

    /// <summary>Analyses the default buffer of a trace.</summary>
    /// <param name="trace">The trace; it must stay open for as long as names are resolved from the report.</param>
    /// <param name="options">What to analyse.</param>
    /// <param name="cancellation">Stops the analysis between two chunks.</param>
    /// <exception cref="ArgumentException">More than 21 different policies.</exception>
    /// <exception cref="OperationCanceledException">The analysis was stopped.</exception>
    public static TraceReport Run(
        TraceFile trace,
        AnalysisOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(trace);
        var size = ChunkSize.For(trace.DefaultBuffer.Cpus.Count);
        return Run(trace, options ?? new AnalysisOptions(), size, cancellation);
    }

    /// <summary>The same with chunks of a given size, on which nothing may depend.</summary>
    internal static TraceReport Run(
        TraceFile trace,
        AnalysisOptions options,
        ChunkSize size,
        CancellationToken cancellation
    )
    {
        var formats = trace.Formats.Where(format => options.HasEvent(format)).ToList();
        var plan = new EventPlan(formats, trace.ResolveText, trace.IsSwitchedOn)
        {
            PreemptionOfRecorder = trace.Container == TraceContainer.PerfData ? 1 : 0,
            HasIdleEvents =
                formats.Exists(format => format is { System: "power", Name: "cpu_idle" } && trace.IsSwitchedOn(format))
                || EventCensus.HasAny(
                    trace.DefaultBuffer,
                    formats.Where(static format => format is { System: "power", Name: "cpu_idle" })
                ),
            HasRcuEvents = EventCensus.HasAny(
                trace.DefaultBuffer,
                formats.Where(static format => format is { System: "rcu", Name: "rcu_watching" or "rcu_dyntick" })
            ),
        };
        return Run(trace, plan, options, size, options.Threads, onBegin: null, cancellation);
    }

    /// <summary>
    /// Analyses a trace that is still being written, on this thread alone: whoever reads its pages decides when it
    /// ends.
    /// </summary>
    /// <param name="trace">The trace.</param>
    /// <param name="plan">What to read of it.</param>
    /// <param name="options">What to analyse.</param>
    /// <param name="onBegin">Gets a function that tells the totals so far, to be called between two reads.</param>
    internal static TraceReport RunLive(
        TraceFile trace,
        EventPlan plan,
        AnalysisOptions options,
        Action<Func<TraceReport>> onBegin
    ) => Run(trace, plan, options, ChunkSize.Smallest, threads: 1, onBegin, CancellationToken.None);

    private static TraceReport Run(
        TraceFile trace,
        EventPlan plan,
        AnalysisOptions options,
        ChunkSize size,
        int threads,
        Action<Func<TraceReport>>? onBegin,
        CancellationToken cancellation
    )
    {
        var functions = new FunctionResolver(trace.Symbols, options.Functions);
        var slack = SlackOf(trace);

        var cpus = trace.DefaultBuffer.Cpus.Where(cpu => options.HasCpu(cpu)).ToList();
        using var workers = new LaneWorkers(Math.Clamp(Math.Min(threads - 1, cpus.Count), 0, 16));
        var lanes = new List<CpuLane>();
        try
        {
            foreach (var cpu in cpus)
            {
                var lane = new CpuLane(
                    trace.DefaultBuffer.OpenCpu(cpu, plan.Dispatch),
                    new CpuScanner(plan, slack),
                    workers,
                    size
                );
                lanes.Add(lane);
                lane.Start();
            }

            var playback = new Playback(
                lanes,
                trace.DefaultBuffer.CpuCount,
                options,
                functions,
                new KernelThreadNames(trace.TaskNames),
                trace.Cgroups,
                plan.TellsSends,
                slack,
                cancellation
            );
            onBegin?.Invoke(() =>
            {
                playback.Settle();
                return Report();
            });
            playback.Run(options.OnProgress is { } progress ? time => progress(time - playback.Start) : null);
            return Report();

            TraceReport Report() =>
                ReportBuilder.Build(
                    new ReportSource
                    {
                        Trace = trace,
                        Functions = options.Functions,
                        Causes = options.Causes,
                        Schemes = options.Schemes,
                        Selection = options.Selection,
                        Plan = plan,
                        Lanes = lanes,
                        Cpus = playback.Cpus,
                        Ledger = playback.Ledger,
                        Matcher = playback.Matcher,
                        Start = playback.Start,
                        End = playback.End,
                    }
                );
        }
        finally
        {
            workers.Dispose();
            foreach (var lane in lanes)
                lane.Dispose();
        }
    }

    /// <summary>
    /// The slack in units of the clock. Cycles of which the trace does not tell the rate are taken for those of a
    /// machine of 3 GHz.
    /// </summary>
    private static ulong SlackOf(TraceFile trace) =>
        trace switch
        {
            { Clock: "counter" } => 0,
            { ClockScale: { } scale } => (ulong)(((UInt128)StateSlack << scale.Shift) / Math.Max(1, scale.Multiplier)),
            { CountsCycles: true } => 3 * StateSlack,
            _ => StateSlack,
        };
}
