using System.Globalization;
using System.Text;

namespace Lazykick.Traces.Recording;

/// <summary>
/// An instance of our own with the wanted events enabled, filtered, and recording switched off: what a recording and a
/// live analysis begin with.
/// </summary>
internal sealed class TraceSession : IDisposable
{
    private const int DrainNice = -15;

    private readonly Tracefs _tracefs;
    private readonly RecordingOptions _options;
    private readonly List<string> _notes = [];
    private KprobeSenders? _probes;

    private TraceSession(Tracefs tracefs, RecordingOptions options, RecordingPlan plan, TraceInstance instance) =>
        (_tracefs, _options, Plan, Instance) = (tracefs, options, plan, instance);

    public RecordingPlan Plan { get; private set; }

    public TraceInstance Instance { get; }

    /// <summary>What turned out otherwise than asked, in sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The group of our own kprobes; null where there are none.</summary>
    public string? ProbeGroup => _probes?.Group;

    /// <summary>Name of the trace clock.</summary>
    public string Clock { get; private set; } = "";

    /// <summary>Bytes of a sub-buffer.</summary>
    public int PageSize { get; private set; }

    /// <summary>CPUs that have a buffer.</summary>
    public IReadOnlyList<int> Cpus { get; private set; } = [];

    /// <summary>CPUs of which everything is recorded; of the others only what they do to these. Null: all.</summary>
    public IReadOnlyList<int>? RecordedCpus => _options.Cpus;

    /// <exception cref="RecordingException">This machine or user cannot record; nothing is left behind.</exception>
    public static TraceSession Open(Tracefs tracefs, RecordingOptions options)
    {
        var count = tracefs.PossibleCpus;
        if (options.Cpus is { } cpus && cpus.FirstOrDefault(c => c >= count, -1) is var wrong and >= 0)
            throw new RecordingException($"there is no CPU {wrong}: this machine has CPUs 0 to {count - 1}");
        var plan = RecordingPlan.Of(tracefs, options.Preset, options.Cpus, options.NamesCauses);
        if (plan.Events.Count == 0)
        {
            throw new RecordingException(
                $"{tracefs.Events}: none of the events that a recording needs is there; this kernel is built without "
                    + "them"
            );
        }

        NativeCalls.KeepHugePagesOff();
        var session = new TraceSession(tracefs, options, plan, TraceInstance.Create(tracefs));
        try
        {
            session.SetUp(count);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The calling thread empties buffers: it needs little, but what it cannot fetch in time on a busy machine is lost.
    /// </summary>
    public static void ComeFirst() => NativeCalls.SetNice(DrainNice);

    public void Start() => Instance.Write("tracing_on", "1");

    public void Stop() => Instance.TryWrite("tracing_on", "0");

    /// <summary>What the kernel counted for one CPU: events written, and events lost to a full buffer.</summary>
    public (long Events, long Lost) Statistics(int cpu)
    {
        long entries = 0;
        long lost = 0;
        foreach (var line in Instance.Read($"per_cpu/cpu{cpu}/stats").Split('\n'))
        {
            var parts = line.Split(':');
            if (
                parts.Length != 2
                || !long.TryParse(
                    parts[1],
                    NumberStyles.None | NumberStyles.AllowLeadingWhite,
                    CultureInfo.InvariantCulture,
                    out var value
                )
            )
            {
                continue;
            }

            if (parts[0] is "entries" or "read events")
                entries += value;
            else if (parts[0] is "overrun" or "dropped events" or "commit overrun")
                lost += value;
        }

        return (entries, lost);
    }

    /// <summary>"PID path" lines: the cgroup of every task that lives now (cgroups(7), /proc/PID/cgroup).</summary>
    public static string Cgroups()
    {
        var lines = new StringBuilder();
        foreach (var task in Tasks())
        {
            try
            {
                if (CgroupIn(File.ReadAllText(Path.Combine(task, "cgroup"))) is { Length: > 1 } path)
                    lines.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(task)} {path}\n");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return lines.ToString();
    }

    /// <summary>The path of the unified hierarchy; of version 1 the longest of all.</summary>
    internal static string? CgroupIn(string text)
    {
        string? longest = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // hierarchy:controllers:path
            var parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            if (parts[0] == "0" && parts[2].Length > 1)
                return parts[2];
            if (parts[2].Length > (longest?.Length ?? 0))
                longest = parts[2];
        }

        return longest;
    }

    /// <summary>"PID name" lines: of the kernel's small table, and of every task that lives now.</summary>
    public byte[] CommandLines()
    {
        var names = new SortedDictionary<int, string>();
        foreach (var task in Tasks())
        {
            try
            {
                names[int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture)] = File.ReadAllText(
                        Path.Combine(task, "comm")
                    )
                    .TrimEnd('\n');
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        foreach (var line in Encoding.UTF8.GetString(_tracefs.ReadOrNothing("saved_cmdlines")).Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (
                space > 0
                && int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            )
            {
                names[pid] = line[(space + 1)..];
            }
        }

        return Encoding.UTF8.GetBytes(string.Concat(names.Select(n => $"{n.Key} {n.Value}\n")));
    }

    public void Dispose()
    {
        Instance.Dispose();
        // Only now: a kprobe that is switched on cannot be removed.
        _probes?.Dispose();
    }

    /// <summary>Directories of all tasks in /proc.</summary>
    private static List<string> Tasks()
    {
        var tasks = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                continue;
            try
            {
                tasks.AddRange(Directory.GetDirectories(Path.Combine(directory, "task")));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return tasks;
    }

    private void SetUp(int cpuCount)
    {
        Instance.Write("tracing_on", "0");
        if (!KprobeSenders.AreNeedless(_tracefs) && (_probes = KprobeSenders.Create(_tracefs, _notes)) is not null)
            Plan = Plan.With(_probes);
        Instance.Write("buffer_size_kb", _options.BufferKiB.ToString(CultureInfo.InvariantCulture));
        // mono: comparable between CPUs and with other programs, and cheaper than global.
        string[] clocks = ["mono", "global", "local"];
        Clock = clocks.FirstOrDefault(c => Instance.TryWrite("trace_clock", c), "local");
        EnableEvents();
        PageSize = ReadPageSize();
        KeepOffRecordedCpus(cpuCount);
        Cpus = [.. Enumerable.Range(0, cpuCount).Where(c => Directory.Exists(Instance.PathOf($"per_cpu/cpu{c}")))];
    }

    private void EnableEvents()
    {
        var refused = new List<string>();
        var unfiltered = new List<string>();
        foreach (var planned in Plan.Events)
        {
            var directory = $"events/{planned.System}/{planned.Name}";
            var filter = planned.Filter(_options.Cpus, plain: false);
            if (filter is not null && !Instance.TryWrite(directory + "/filter", filter))
            {
                filter = planned.Filter(_options.Cpus, plain: true);
                if (filter is null || !Instance.TryWrite(directory + "/filter", filter))
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
                if (!Instance.TryWrite(directory + "/trigger", trigger))
                    _notes.Add($"{planned.FullName}: the kernel takes no stack trigger");
            }

            if (!Instance.TryWrite(directory + "/enable", "1"))
                refused.Add(planned.FullName);
        }

        if (unfiltered.Count > 0)
        {
            _notes.Add(
                $"recorded for all CPUs, since this kernel has no filter for them: {string.Join(", ", unfiltered)}"
            );
        }

        if (refused.Count > 0)
            _notes.Add($"the kernel refuses to enable: {string.Join(", ", refused)}");
        if (refused.Count == Plan.Events.Count)
            throw new RecordingException("the kernel refuses to enable any of the events (is it locked down?)");
    }

    private int ReadPageSize()
    {
        // Linux 6.8 and later may have larger sub-buffers; before, a page of the machine.
        var file = Instance.PathOf("buffer_subbuf_size_kb");
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
        var kept =
            allowed.Contains(true)
            && threads.All(t => NativeCalls.SetAffinity(int.Parse(t, CultureInfo.InvariantCulture), allowed));
        if (!kept)
            _notes.Add("the recorder itself may run on the recorded CPUs: no other CPU is free for it");
    }
}
