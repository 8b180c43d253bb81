using Lazykick.Traces.States;

namespace Lazykick.Traces.Timelines;

/// <summary>An interrupt handler that ran.</summary>
/// <param name="Cpu">Where.</param>
/// <param name="Cause">Which interrupt.</param>
/// <param name="Irq">Number of a device's interrupt (the report has their names), or -1.</param>
/// <param name="Hit">What it interrupted.</param>
/// <param name="Entry">When it began, in units of the trace clock.</param>
/// <param name="Exit">When it was over.</param>
public readonly record struct InterruptSpan(int Cpu, EntryCause Cause, int Irq, CpuState Hit, ulong Entry, ulong Exit);
