using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Reports;

/// <summary>One break of user mode or of a guest from outside. Times are in units of the trace clock.</summary>
public sealed record BreakReport
{
    /// <summary>The CPU.</summary>
    public required int Cpu { get; init; }

    /// <summary>When it began.</summary>
    public required ulong Start { get; init; }

    /// <summary>Time until the CPU was back.</summary>
    public required ulong Duration { get; init; }

    /// <summary>The state that ended.</summary>
    public required CpuState Of { get; init; }

    /// <summary>Why, in words, with what can be done about it.</summary>
    public required KickCause Cause { get; init; }

    /// <summary>The interrupts that came, in order, not more than eight: a device's by its name.</summary>
    public required IReadOnlyList<(EntryCause Cause, string? Name)> Chain { get; init; }

    /// <summary>The task that was interrupted, as name and pid.</summary>
    public required string Task { get; init; }

    /// <summary>The task that sent the kick which it is charged to, as name and pid; null for none.</summary>
    public string? Sender { get; init; }

    /// <summary>What that kick ran, or null.</summary>
    public string? Function { get; init; }

    /// <summary>Where it was called, or null.</summary>
    public string? CallSite { get; init; }

    /// <summary>The sender's system call, or null.</summary>
    public string? SystemCall { get; init; }

    /// <summary>The sender's call stack, the innermost frame first; empty where the trace has none.</summary>
    public required IReadOnlyList<string> Stack { get; init; }
}
