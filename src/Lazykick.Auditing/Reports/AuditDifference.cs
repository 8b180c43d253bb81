namespace Lazykick.Auditing.Reports;

/// <summary>What changed between two kernels in a window.</summary>
/// <param name="Window">The window.</param>
/// <param name="IsWorse">A site appeared, or sealing was lost.</param>
/// <param name="Text">In words.</param>
public sealed record AuditDifference(string Window, bool IsWorse, string Text);
