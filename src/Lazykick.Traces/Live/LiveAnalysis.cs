using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Events;
using Lazykick.Traces.Files;
using Lazykick.Traces.Names;
using Lazykick.Traces.Recording;
using Lazykick.Traces.Reports;

namespace Lazykick.Traces.Live;

/// <summary>
/// The analysis of a trace while it is recorded: the same walk over the same pages, fed from the kernel's buffers
/// instead of a file. Nothing is written; memory holds totals.
/// </summary>
public sealed class LiveAnalysis : IDisposable
{
    // How often the kernel's buffers are emptied.
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(100);

    private readonly Tracefs _tracefs;
    private readonly TraceSession _session;
    private readonly List<LivePageReader> _readers = [];
    private readonly List<LastPages> _kept = [];
    private readonly long _keptBytes;

    private LiveAnalysis(Tracefs tracefs, TraceSession session, long keptBytes) =>
        (_tracefs, _session, _keptBytes) = (tracefs, session, keptBytes);

    /// <summary>What is recorded and what this kernel lacks.</summary>
    public RecordingPlan Plan => _session.Plan;

    /// <summary>What turned out otherwise than asked, in sentences.</summary>
    public IReadOnlyList<string> Notes => _session.Notes;

    /// <summary>Sets everything up, events enabled and recording still off.</summary>
    /// <param name="tracefs">Where.</param>
    /// <param name="options">What to take.</param>
    /// <param name="keptBytes">How much of the newest events of each CPU to keep for <see cref="Save"/>; 0 =
    /// none.</param>
    /// <exception cref="RecordingException">This machine or user cannot record; nothing is left behind.</exception>
    public static LiveAnalysis Prepare(Tracefs tracefs, RecordingOptions options, long keptBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(tracefs);
        ArgumentNullException.ThrowIfNull(options);
        var session = TraceSession.Open(tracefs, options);
        if (session.Clock == "mono")
            return new LiveAnalysis(tracefs, session, keptBytes);
        session.Dispose();
        throw new RecordingException(
            $"a live view needs the trace clock 'mono', which this kernel does not have (it has {session.Clock}); "
                + "record and report instead"
        );
    }

    /// <summary>Analyses until it is cancelled. The calling thread gets nice -15 for good.</summary>
    /// <param name="options">What to analyse.</param>
    /// <param name="interval">Between two reports.</param>
    /// <param name="onReport">Gets the totals since the begin, on the thread of the analysis.</param>
    /// <param name="cancellation">Ends the analysis.</param>
    /// <exception cref="RecordingException">The kernel refuses.</exception>
    public void Run(
        AnalysisOptions options,
        TimeSpan interval,
        Action<TraceReport> onReport,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onReport);
        TraceSession.ComeFirst();
        var contents = new TraceContents { Container = TraceContainer.RawDirectory };
        foreach (var planned in Plan.Events)
        {
            contents.Catalog.Add(
                planned.System,
                File.ReadAllBytes(Path.Combine(_tracefs.Events, planned.System, planned.Name, "format"))
            );
        }

        contents.SwitchedOn = [.. Plan.Events.Select(e => e.FullName)];
        // The plan's formats are all that matter here: it has context tracking wherever the kernel has.
        contents.HasAllFormats = true;
        contents.ReadSymbols = static () => SymbolTable.Parse(File.ReadAllBytes("/proc/kallsyms"));
        contents.Texts.Add(_tracefs.ReadOrNothing("printk_formats"));
        contents.Tasks.AddCommandLines(_session.CommandLines());

        Func<TraceReport>? report = null;
        var next = TimeSpan.Zero;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var rounds = new LiveRounds(s_round, Round, cancellation);
        var damage = new DamageLog();
        var layout = contents.Catalog.Layout();
        foreach (var cpu in _session.Cpus)
        {
            var file = _session.Instance.PathOf($"per_cpu/cpu{cpu}/trace_pipe_raw");
            if (_keptBytes > 0)
                _kept.Add(new LastPages(cpu, _keptBytes));
            _readers.Add(new LivePageReader(rounds, file, _session.PageSize, _kept.LastOrDefault()));
        }

        var streams = _session.Cpus.Select((cpu, at) => new LivePages(cpu, _readers[at], layout, damage));
        contents.Buffers.Add(new TraceBuffer("", _session.Clock, _tracefs.PossibleCpus, streams));
        using var trace = new TraceFile("this machine", contents, damage);
        var plan = new EventPlan(trace.Formats, trace.ResolveText, static _ => true)
        {
            HasIdleEvents = trace.Find("power", "cpu_idle") is not null,
            HasRcuEvents = (trace.Find("rcu", "rcu_watching") ?? trace.Find("rcu", "rcu_dyntick")) is not null,
        };
        _session.Start();
        TraceAnalysis.RunLive(trace, plan, options, r => report = r);

        void Round()
        {
            var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(started);
            if (elapsed < next || report is null)
                return;
            next = elapsed + interval;
            onReport(report());
        }
    }

    /// <summary>Writes the newest events of each CPU as a trace.dat.</summary>
    /// <returns>Bytes of the file.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public long Save(string path)
    {
        _session.Stop();
        using var file = new TraceDatFile(path);
        file.WriteFormats(_tracefs, _session.ProbeGroup);
        file.Describe(_tracefs, _session);
        file.WriteBuffer(_session.Clock, _session.PageSize, _kept);
        file.Finish();
        return file.Length;
    }

    /// <summary>Takes the instance away.</summary>
    public void Dispose()
    {
        _session.Stop();
        foreach (var reader in _readers)
            reader.Dispose();
        _session.Dispose();
    }
}
