using System.Diagnostics;
using System.Globalization;
using System.Text;

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
    private readonly TraceInstance _instance;
    private readonly List<CpuPages> _pages = [];
    private readonly List<Thread> _drains = [];
    private readonly List<string> _notes = [];
    private readonly Stopwatch _clock = new();
    private TraceDatFile? _file;
    private bool _isComplete;
    private readonly ManualResetEventSlim _stopping = new();
    private volatile string? _failure;
    private string _clockName = "";
    private int _pageSize;

    private Recorder(Tracefs tracefs, RecordingOptions options, RecordingPlan plan, TraceInstance instance)
    {
        (_tracefs, _options, Plan, _instance) = (tracefs, options, plan, instance);
    }

    /// <summary>What is recorded and what this kernel lacks.</summary>
    public RecordingPlan Plan { get; }

    /// <summary>What turned out otherwise than asked, in sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Why the recording has stopped by itself, for example a full disk; null if it goes on.</summary>
    public string? Failure => _failure;

    /// <summary>Removes what recorders left behind whose process has died, for example by kill -9.</summary>
    /// <returns>Names of the instances that were removed.</returns>
    public static IReadOnlyList<string> SweepDead(Tracefs tracefs)
    {
        ArgumentNullException.ThrowIfNull(tracefs);
        return TraceInstance.SweepDead(tracefs);
    }

    /// <summary>Sets everything up, events enabled and recording still off.</summary>
    /// <exception cref="RecordingException">This machine or user cannot record; nothing is left behind.</exception>
    public static Recorder Prepare(Tracefs tracefs, RecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(tracefs);
        ArgumentNullException.ThrowIfNull(options);
        var count = tracefs.PossibleCpus;
        if (options.Cpus is { } cpus && cpus.FirstOrDefault(c => c >= count, -1) is var wrong and >= 0)
            throw new RecordingException($"there is no CPU {wrong}: this machine has CPUs 0 to {count - 1}");
        var plan = RecordingPlan.Of(tracefs, options.Preset);
        if (plan.Events.Count == 0)
        {
            throw new RecordingException(
                $"{tracefs.Events}: none of the events that a recording needs is there; this kernel is built without them"
            );
        }

        var recorder = new Recorder(tracefs, options, plan, TraceInstance.Create(tracefs));
        try
        {
            recorder.SetUp(count);
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

    /// <summary>Switches recording on. Enabling events has patched the kernel's text before: those kicks are not in it.</summary>
    public void Start()
    {
        _clock.Start();
        _instance.Write("tracing_on", "1");
        // A few threads serve all CPUs: taking a page costs a splice, not a copy.
        var threads = Math.Clamp(_pages.Count / 8, 1, 4);
        for (var i = 0; i < threads; i++)
        {
            var share = _pages.Where((_, at) => at % threads == i).ToList();
            // The report knows the recorder's own kicks by this name.
            var thread = new Thread(() => Drain(share)) { IsBackground = true, Name = "lazykick drain" };
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
            var (read, over) = Statistics(cpu.Cpu);
            events += read;
            lost += over;
        }

        return new RecordingProgress(_clock.Elapsed, _pages.Sum(p => p.Bytes), events, lost);
    }

    /// <summary>Switches recording off, takes the rest and writes the file.</summary>
    /// <exception cref="RecordingException">The file cannot be written.</exception>
    public RecordingResult Finish()
    {
        _instance.TryWrite("tracing_on", "0");
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
                var (written, over) = Statistics(cpu.Cpu);
                events += written;
                if (over > 0)
                    lost[cpu.Cpu] = over;
                file.AddStatistics($"CPU: {cpu.Cpu}\n{_instance.Read($"per_cpu/cpu{cpu.Cpu}/stats")}");
            }

            file.WriteTaskNames(CommandLines());
            file.SetClock(_instance.Read("trace_clock"));
            file.SetUname(Uname());
            file.SetCpuCount(_tracefs.PossibleCpus);
            file.WriteBuffer(_clockName, _pageSize, _pages);
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
                $"{_options.Output}: cannot be written: {error.Message}. Free some space, or give another place with -o",
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

        _instance.Dispose();
        _stopping.Dispose();
    }

    // An older file of the same name stays until this one is complete.
    private string UnfinishedFile => $"{_options.Output}.{_instance.Name}";

    private void RemoveDeadFiles()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(_options.Output))!;
        foreach (var file in Directory.GetFiles(directory, Path.GetFileName(_options.Output) + ".*"))
        {
            if (TraceInstance.IsOwnerDead(Path.GetExtension(file).TrimStart('.')))
                File.Delete(file);
        }
    }

    private void SetUp(int cpuCount)
    {
        _instance.Write("tracing_on", "0");
        _instance.Write("buffer_size_kb", _options.BufferKiB.ToString(CultureInfo.InvariantCulture));
        // mono: comparable between CPUs and with other programs, and cheaper than global.
        _clockName = "mono";
        if (!_instance.TryWrite("trace_clock", "mono") && !_instance.TryWrite("trace_clock", _clockName = "global"))
            _clockName = "local";
        EnableEvents();
        _pageSize = PageSize();
        // First, since it is some ten megabytes of symbols: a full disk is found out now and not at the end.
        RemoveDeadFiles();
        _file = new TraceDatFile(UnfinishedFile);
        _file.WriteFormats(_tracefs);
        KeepOffRecordedCpus(cpuCount);
        for (var cpu = 0; cpu < cpuCount; cpu++)
        {
            if (Directory.Exists(_instance.PathOf($"per_cpu/cpu{cpu}")))
                _pages.Add(new CpuPages(_instance, cpu, _pageSize, $"{_options.Output}.{_instance.Name}.cpu{cpu}"));
        }
    }

    private void EnableEvents()
    {
        var refused = new List<string>();
        var unfiltered = new List<string>();
        foreach (var planned in Plan.Events)
        {
            var directory = $"events/{planned.System}/{planned.Name}";
            var filter = planned.Filter(_options.Cpus, plain: false);
            if (filter is not null && !_instance.TryWrite(directory + "/filter", filter))
            {
                filter = planned.Filter(_options.Cpus, plain: true);
                if (filter is null || !_instance.TryWrite(directory + "/filter", filter))
                {
                    filter = null;
                    unfiltered.Add(planned.FullName);
                }
            }

            var hasStack =
                (_options.Stacks && planned.IsSend)
                || (_options.Preset >= RecordingPreset.Exact && planned.IsInterruptEntry);
            if (hasStack)
            {
                var trigger = filter is null ? "stacktrace" : $"stacktrace if {filter}";
                if (!_instance.TryWrite(directory + "/trigger", trigger))
                    _notes.Add($"{planned.FullName}: the kernel takes no stack trigger");
            }

            if (!_instance.TryWrite(directory + "/enable", "1"))
                refused.Add(planned.FullName);
        }

        if (unfiltered.Count > 0)
            _notes.Add($"recorded for all CPUs, since this kernel has no filter for them: {string.Join(", ", unfiltered)}");
        if (refused.Count > 0)
            _notes.Add($"the kernel refuses to enable: {string.Join(", ", refused)}");
        if (refused.Count == Plan.Events.Count)
            throw new RecordingException("the kernel refuses to enable any of the events (is it locked down?)");
    }

    private int PageSize()
    {
        // Linux 6.8 and later may have larger sub-buffers; before, a page of the machine.
        var file = _instance.PathOf("buffer_subbuf_size_kb");
        return File.Exists(file)
            ? int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture) << 10
            : Environment.SystemPageSize;
    }

    private void KeepOffRecordedCpus(int cpuCount)
    {
        if (_options.Cpus is not { } recorded)
            return;
        var allowed = Enumerable.Range(0, cpuCount).Select(c => !recorded.Contains(c)).ToArray();
        var threads = Directory.GetDirectories("/proc/self/task").Select(d => Path.GetFileName(d));
        var kept = allowed.Contains(true)
            && threads.All(t => NativeCalls.SetAffinity(int.Parse(t, CultureInfo.InvariantCulture), allowed));
        if (!kept)
            _notes.Add("the recorder itself may run on the recorded CPUs: no other CPU is free for it");
    }

    private void Drain(List<CpuPages> share)
    {
        try
        {
            while (!_stopping.Wait(s_drainInterval))
            {
                foreach (var cpu in share)
                    cpu.TakeFull();
            }
        }
        catch (IOException error)
        {
            // The one that waits for the end asks for this.
            _failure = error.Message;
            _instance.TryWrite("tracing_on", "0");
        }
    }

    private (long Events, long Lost) Statistics(int cpu)
    {
        long entries = 0;
        long lost = 0;
        foreach (var line in _instance.Read($"per_cpu/cpu{cpu}/stats").Split('\n'))
        {
            var parts = line.Split(':');
            if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var value))
                continue;
            if (parts[0] is "entries" or "read events")
                entries += value;
            else if (parts[0] is "overrun" or "dropped events" or "commit overrun")
                lost += value;
        }

        return (entries, lost);
    }

    /// <summary>"PID name" lines: of the kernel's small table, and of every task that lives now.</summary>
    private byte[] CommandLines()
    {
        var names = new SortedDictionary<int, string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                continue;
            try
            {
                foreach (var task in Directory.EnumerateDirectories(Path.Combine(directory, "task")))
                {
                    names[int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture)] = File
                        .ReadAllText(Path.Combine(task, "comm"))
                        .TrimEnd('\n');
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        foreach (var line in Encoding.UTF8.GetString(_tracefs.ReadOrNothing("saved_cmdlines")).Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                names[pid] = line[(space + 1)..];
        }

        return Encoding.UTF8.GetBytes(string.Concat(names.Select(n => $"{n.Key} {n.Value}\n")));
    }

    private static string Uname()
    {
        static string Of(string file) => File.ReadAllText($"/proc/sys/kernel/{file}").Trim();
        var machine = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "x86_64",
            System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return $"Linux {Of("hostname")} {Of("osrelease")} {Of("version")} {machine}";
    }
}
