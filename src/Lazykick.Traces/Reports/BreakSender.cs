namespace Lazykick.Traces.Reports;

/// <summary>A task that sent what caused breaks or wake-ups.</summary>
/// <param name="Task">Name and pid.</param>
/// <param name="Count">Breaks or wake-ups of the cause that are its.</param>
/// <param name="Time">Their time, in units of the trace clock.</param>
public sealed record BreakSender(string Task, long Count, ulong Time);
