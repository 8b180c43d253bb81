namespace Lazykick.Auditing.Walking;

/// <summary>A place that sends interrupts to other CPUs, or waits in a loop, with interrupts masked.</summary>
/// <param name="Place">Function and offset.</param>
/// <param name="Sender">The function that sends; null for a loop.</param>
/// <param name="IsWait">It waits in a loop: for another CPU or for a device, which is not told.</param>
/// <param name="IsCertain">Interrupts are masked on every path of the function that reaches it; else on some.</param>
public sealed record MaskedPlace(string Place, string? Sender, bool IsWait, bool IsCertain);
