using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>What breaks are grouped by: the interrupt that came first, and what it was for.</summary>
internal readonly record struct BreakKey(EntryCause Cause, ulong Function, int Irq);
