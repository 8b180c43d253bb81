using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Reports;

/// <summary>Breaks of one cause, or wake-ups. Times are in units of the trace clock.</summary>
public sealed record BreakCauseReport
{
    /// <summary>The cause in words, with what can be done about it.</summary>
    public required KickCause Cause { get; init; }

    /// <summary>The interrupt that came first.</summary>
    public required EntryCause Interrupt { get; init; }

    /// <summary>What its kicks ran, the one that stole most first.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>What the function table says of the first of them, or null.</summary>
    public KickFunction? Row { get; init; }

    /// <summary>Name of the device's interrupt, or null.</summary>
    public string? Device { get; init; }

    /// <summary>The tasks that sent, the one that stole most first; empty where none did, or none is known.</summary>
    public required IReadOnlyList<BreakSender> Senders { get; init; }

    /// <summary>
    /// Softirqs that ran in any of them, by the kernel's names; <see cref="Time"/> has their time. Null where the trace
    /// has no event for them.
    /// </summary>
    public required IReadOnlyList<string>? SoftIrqs { get; init; }

    /// <summary>A call stack of the sender, the innermost frame first; empty where the trace has none.</summary>
    public required IReadOnlyList<string> Stack { get; init; }

    /// <summary>How often.</summary>
    public required long Count { get; init; }

    /// <summary>Time from each to the return.</summary>
    public required ulong Time { get; init; }

    /// <summary>The longest of them.</summary>
    public required ulong Longest { get; init; }
}
