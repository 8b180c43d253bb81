namespace Lazykick.Traces.Recording;

/// <summary>The kernel's tracing files, as they are mounted (Documentation/trace/ftrace.rst).</summary>
/// <param name="Root">The mount point.</param>
public sealed record Tracefs(string Root)
{
    private static readonly string[] s_usual = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    /// <summary>Finds the mounted tracefs.</summary>
    /// <exception cref="RecordingException">There is none, or this user may not look into it.</exception>
    public static Tracefs Find()
    {
        if (!OperatingSystem.IsLinux())
            throw new RecordingException("recording needs Linux: it reads the kernel's tracefs");
        foreach (var root in s_usual)
        {
            // A directory that may not be entered looks like one that is empty.
            if (File.Exists(Path.Combine(root, "trace_clock")))
                return new Tracefs(root);
        }

        throw new RecordingException(
            Environment.IsPrivilegedProcess
                ? "tracefs is not mounted: run 'mount -t tracefs nodev /sys/kernel/tracing' and try again"
                : "recording needs root: tracefs cannot be read by this user. Run the same command with sudo"
        );
    }

    /// <summary>Where instances live: each is a buffer of its own with its own events and filters.</summary>
    public string Instances => Path.Combine(Root, "instances");

    /// <summary>The directory of formats.</summary>
    public string Events => Path.Combine(Root, "events");

    /// <summary>True if this kernel has the event.</summary>
    public bool Has(string system, string name) => Directory.Exists(Path.Combine(Events, system, name));

    /// <summary>Names of the events of a subsystem; none if the kernel lacks it.</summary>
    public IReadOnlyList<string> EventsOf(string system)
    {
        var directory = Path.Combine(Events, system);
        return Directory.Exists(directory)
            ? [.. Directory.GetDirectories(directory).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>CPUs that the kernel may have, whether they are online or not.</summary>
    public int PossibleCpus =>
        Directory.GetDirectories(Path.Combine(Root, "per_cpu"), "cpu*").Length is var count and > 0
            ? count
            : Environment.ProcessorCount;

    /// <summary>A file of the top level as bytes; empty where the kernel does not have it.</summary>
    public byte[] ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(Root, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
