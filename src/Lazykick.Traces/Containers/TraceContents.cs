using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Containers;

/// <summary>What the reader of a container found; <see cref="TraceFile"/> is the view of it that is public.</summary>
internal sealed class TraceContents
{
    public required TraceContainer Container { get; init; }

    public EventCatalog Catalog { get; } = new();

    public TaskNames Tasks { get; } = new();

    public TaskCgroups Cgroups { get; } = new();

    /// <summary>Tasks of the recorder itself.</summary>
    public HashSet<int> RecorderTasks { get; } = [];

    /// <summary>CPUs that were recorded; null where the trace does not say that some were not.</summary>
    public HashSet<int>? RecordedCpus { get; set; }

    /// <summary>Reads the symbols when they are first asked for: kallsyms is often larger than the events.</summary>
    public Func<SymbolTable> ReadSymbols { get; set; } = static () => SymbolTable.Empty;

    /// <summary>Text constants that events point to.</summary>
    public TextConstants Texts { get; } = new();

    /// <summary>Events that were recorded, as <c>system:name</c>; null where the trace does not say.</summary>
    public HashSet<string>? SwitchedOn { get; set; }

    /// <summary>
    /// The trace has the formats of all events of its kernel: one that is missing is an event that it lacks.
    /// </summary>
    public bool HasAllFormats { get; set; }

    public List<TraceBuffer> Buffers { get; } = [];

    public IReadOnlyList<CpuStatistics> Statistics { get; set; } = [];

    /// <summary>Nanoseconds to add to a time stamp to get the time since 1970, where the trace has it.</summary>
    public long? WallClockOffset { get; set; }

    /// <summary>
    /// How to turn time stamps into nanoseconds where the clock counts cycles and the trace says how.
    /// </summary>
    public ClockScale? ClockScale { get; set; }

    public string? KernelRelease { get; set; }

    public string? Machine { get; set; }

    /// <summary>Files to close with the trace.</summary>
    public List<IDisposable> Owned { get; } = [];
}
