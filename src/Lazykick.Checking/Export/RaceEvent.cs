using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>
/// One step of a CPU in a race, as far as a litmus test can say it: in program order, with what it read and wrote.
/// </summary>
internal sealed class RaceEvent(int cpu, RaceEventKind kind)
{
    public int Cpu { get; } = cpu;

    public RaceEventKind Kind { get; } = kind;

    /// <summary>The move that took the step; null for what the export adds.</summary>
    public Move? Move { get; init; }

    /// <summary>
    /// The move of the race that it belongs to, counted from 0; several steps of a <c>together</c> have one.
    /// </summary>
    public int Turn { get; set; } = -1;

    /// <summary>The step as people know it, with its file and line.</summary>
    public required string Words { get; init; }

    /// <summary>The step without its place.</summary>
    public required string Step { get; init; }

    /// <summary>The variable that it accesses, by the name of its field.</summary>
    public string? Location { get; init; }

    /// <summary>The patched location that it writes or maintains.</summary>
    public TextFields? Text { get; init; }

    public MemoryOrder Order { get; init; }

    public FenceKind Fence { get; init; }

    /// <summary>An atomic is built of a load-exclusive and a store-exclusive.</summary>
    public bool IsLlSc { get; init; }

    /// <summary>What an atomic does with the old value.</summary>
    public AtomicKind Atomic { get; init; }

    /// <summary>The value that a compare-and-exchange compares with, if it failed to find it.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The read has taken place, or its value is known.</summary>
    public bool HasRead { get; set; }

    public int ReadValue { get; set; }

    /// <summary>The write that the value was read from; null: the initial value.</summary>
    public RaceEvent? Source { get; set; }

    /// <summary>The write is visible to all.</summary>
    public bool IsPerformed { get; set; }

    public int Written { get; set; }

    /// <summary>Reads that the value written hangs on.</summary>
    public HashSet<RaceEvent> Data { get; } = [];

    /// <summary>Reads that decide where the CPU goes after this step.</summary>
    public HashSet<RaceEvent> Tests { get; } = [];

    public bool IsRead => Kind is RaceEventKind.Read or RaceEventKind.Atomic;

    public bool IsWrite => Kind == RaceEventKind.Write || (Kind == RaceEventKind.Atomic && !HasFailed);

    public bool IsAccess => IsRead || IsWrite;

    /// <summary>It writes a patched location or maintains the caches for it.</summary>
    public bool IsText => Text is not null;

    /// <summary>It orders other accesses of its CPU.</summary>
    public bool Orders => IsAccess && Order != MemoryOrder.Relaxed;

    public override string ToString() => $"CPU{Cpu} {Words}";
}

/// <summary>What a step of a race is to a litmus test.</summary>
internal enum RaceEventKind
{
    /// <summary>Nothing that a litmus test knows.</summary>
    Other,

    Read,

    Write,

    Atomic,

    WriteText,

    Clean,

    Invalidate,

    Fence,

    /// <summary>A context synchronisation event.</summary>
    Synchronise,
}

/// <summary>Forms of an atomic.</summary>
internal enum AtomicKind
{
    Add,

    Exchange,

    CompareExchange,
}
