namespace Lazykick.Traces.Recording;

/// <summary>What to record.</summary>
public sealed record RecordingOptions
{
    /// <summary>Kicks to these CPUs, and what these CPUs do; null = all CPUs.</summary>
    /// <value>Default: null. Ascending.</value>
    public IReadOnlyList<int>? Cpus { get; init; }

    /// <summary>How much of it.</summary>
    /// <value>Default: <see cref="RecordingPreset.Census"/>.</value>
    public RecordingPreset Preset { get; init; }

    /// <summary>
    /// Also the events that name timers, wake-ups and work items on these CPUs, whatever the preset; no stacks.
    /// </summary>
    /// <value>Default: false.</value>
    public bool NamesCauses { get; init; }

    /// <summary>A kernel stack at each kick's sender: about 1.5 to 2 microseconds each.</summary>
    /// <value>Default: false.</value>
    public bool Stacks { get; init; }

    /// <summary>Kernel buffer of each CPU, in KiB, from 64 to 4,194,304.</summary>
    /// <value>Default: 8,192; the drain empties it ten times a second.</value>
    public int BufferKiB { get; init; } = 8192;

    /// <summary>The file to write; its directory holds the pages while they are recorded.</summary>
    public required string Output { get; init; }
}
