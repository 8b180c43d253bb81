namespace Lazykick.Auditing.Reports;

/// <summary>
/// Where text that may be patched first runs after the atomic that leaves the EQS, and what synchronised in between.
/// </summary>
/// <param name="Place">The call or site.</param>
/// <param name="Target">What is called there; null through a pointer.</param>
/// <param name="Synchronised">nothing, dsb, isb, dsb and isb; on x86 nothing or a serialising instruction.</param>
/// <param name="Path">A shortest chain of calls to it.</param>
/// <param name="Roots">Roots that reach it.</param>
public sealed record FirstText(
    string Place,
    string? Target,
    string Synchronised,
    IReadOnlyList<string> Path,
    IReadOnlyList<string> Roots
);
