using System.Diagnostics;

namespace Lazykick.Traces.Recording;

/// <summary>
/// One recording: an instance of its own in tracefs, drained by a few threads that keep off the recorded CPUs. Nothing
/// of the machine's own tracing is touched, and disposing takes everything away again.
/// </summary>
public sealed class Recorder : IDisposable
{
    // Ten times a second: a buffer of 8 MiB then lasts up to 1.5 million events a second and CPU.
    private static readonly TimeSpan s_drainInterval = TimeSpan.FromMilliseconds(100);

    private readonly Tracefs _tracefs;
    private readonly RecordingOptions _options;
    private readonly TraceSession _session;
    private readonly List<CpuPages> _pages = [];
    private readonly List<Thread> _drains = [];
    private readonly Stopwatch _clock = new();
    private TraceDatFile? _file;
    private bool _isComplete;
    private readonly ManualResetEventSlim _stopping = new();
    private volatile string? _failure;

    private Recorder(Tracefs tracefs, RecordingOptions options, TraceSession session) =>
        (_tracefs, _options, _session) = (tracefs, options, session);

    /// <summary>What is recorded and what this kernel lacks.</summary>
    public RecordingPlan Plan => _session.Plan;

    /// <summary>What turned out otherwise than asked, in sentences.</summary>
    public IReadOnlyList<string> Notes => _session.Notes;

    /// <summary>Why the recording has stopped by itself, for example a full disk; null if it goes on.</summary>
    public string? Failure => _failure;

    /// <summary>Removes what recorders left behind whose process has died, for example by kill -9.</summary>
    /// <returns>Names of the instances and groups of kprobes that were removed.</returns>
    public static IReadOnlyList<string> SweepDead(Tracefs tracefs)
    {
        ArgumentNullException.ThrowIfNull(tracefs);
        return [.. TraceInstance.SweepDead(tracefs), .. KprobeSenders.SweepDead(tracefs)];
    }

    /// <summary>Sets everything up, events enabled and recording still off.</summary>
    /// <exception cref="RecordingException">This machine or user cannot record; nothing is left behind.</exception>
    public static Recorder Prepare(Tracefs tracefs, RecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(tracefs);
        ArgumentNullException.ThrowIfNull(options);
        var recorder = new Recorder(tracefs, options, TraceSession.Open(tracefs, options));
        try
        {
            recorder.SetUp();
            return recorder;
        }
        catch (Exception error)
        {
            recorder.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new RecordingException($"{options.Output}: cannot be written here: {error.Message}", error);
            throw;
        }
    }

    /// <summary>
    /// Switches recording on. Enabling events has patched the kernel's text before: those kicks are not in it.
    /// </summary>
    public void Start()
    {
        _clock.Start();
        _session.Start();
        // A few threads serve all CPUs: taking a page costs a splice, not a copy.
        var threads = Math.Clamp(_pages.Count / 8, 1, 4);
        for (var i = 0; i < threads; i++)
        {
            var share = _pages.Where((_, at) => at % threads == i).ToList();
            var isFirst = i == 0;
            // The report knows the recorder's own kicks by this name.
            var thread = new Thread(() => Drain(share, isFirst)) { IsBackground = true, Name = "lazykick drain" };
            _drains.Add(thread);
            thread.Start();
        }
    }

    /// <summary>How it goes. Reads the kernel's counters: a few microseconds a CPU.</summary>
    public RecordingProgress Progress()
    {
        long events = 0;
        long lost = 0;
        foreach (var cpu in _pages)
        {
            var (read, over) = _session.Statistics(cpu.Cpu);
            events += read;
            lost += over;
        }

        return new RecordingProgress(_clock.Elapsed, _pages.Sum(p => p.Bytes), events, lost);
    }

    /// <summary>Switches recording off, takes the rest and writes the file.</summary>
    /// <exception cref="RecordingException">The file cannot be written.</exception>
    public RecordingResult Finish()
    {
        _session.Stop();
        _clock.Stop();
        _stopping.Set();
        foreach (var drain in _drains)
            drain.Join();
        var lost = new SortedDictionary<int, long>();
        long events = 0;
        try
        {
            foreach (var cpu in _pages)
            {
                if (_failure is null)
                    cpu.TakeRest();
                else
                    cpu.GiveUpNewest();
            }

            var file = _file!;
            foreach (var cpu in _pages)
            {
                var (written, over) = _session.Statistics(cpu.Cpu);
                events += written;
                if (over > 0)
                    lost[cpu.Cpu] = over;
            }

            file.Describe(_tracefs, _session);
            file.WriteBuffer(_session.Clock, _session.PageSize, _pages);
            file.Finish();
            var length = file.Length;
            file.Dispose();
            File.Move(UnfinishedFile, _options.Output, overwrite: true);
            _isComplete = true;
            return new RecordingResult(_options.Output, _clock.Elapsed, length, events, lost, _failure);
        }
        catch (IOException error)
        {
            throw new RecordingException(
                $"{_options.Output}: cannot be written: {error.Message}. Free some space, or give another place with "
                    + "-o",
                error
            );
        }
    }

    /// <summary>Takes the instance and whatever pages are left away.</summary>
    public void Dispose()
    {
        _stopping.Set();
        foreach (var drain in _drains)
            drain.Join();
        foreach (var cpu in _pages)
        {
            cpu.Dispose();
        }

        _file?.Dispose();
        if (_file is not null && !_isComplete)
            File.Delete(UnfinishedFile);

        _session.Dispose();
        _stopping.Dispose();
    }

    // An older file of the same name stays until this one is complete.
    private string UnfinishedFile => $"{_options.Output}.{_session.Instance.Name}";

    private void RemoveDeadFiles()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(_options.Output))!;
        foreach (var file in Directory.GetFiles(directory, Path.GetFileName(_options.Output) + ".*"))
        {
            if (TraceInstance.IsOwnerDead(Path.GetExtension(file).TrimStart('.')))
                File.Delete(file);
        }
    }

    private void SetUp()
    {
        // First, since it is some ten megabytes of symbols: a full disk is found out now and not at the end.
        RemoveDeadFiles();
        _file = new TraceDatFile(UnfinishedFile);
        _file.WriteFormats(_tracefs, _session.ProbeGroup);
        foreach (var cpu in _session.Cpus)
            _pages.Add(new CpuPages(_session.Instance, cpu, _session.PageSize, $"{UnfinishedFile}.cpu{cpu}"));
    }

    private void Drain(List<CpuPages> share, bool isFirst)
    {
        TraceSession.ComeFirst();
        try
        {
            while (!_stopping.Wait(s_drainInterval))
            {
                foreach (var cpu in share)
                    cpu.TakeFull();
                if (isFirst)
                    _file!.NoteOwnTasks();
            }
        }
        catch (IOException error)
        {
            // The one that waits for the end asks for this.
            _failure = error.Message;
            _session.Stop();
        }
    }
}
