using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Reports;

/// <summary>A place in a window that can be rewritten while the kernel runs.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Place">The same as function+offset.</param>
/// <param name="Key">Its key, or null where the kind has none.</param>
/// <param name="Sealing">When it can change.</param>
/// <param name="Section">The section that it is in.</param>
/// <param name="Path">A shortest chain of calls from a root.</param>
/// <param name="Roots">Roots that reach it.</param>
public sealed record AuditSite(
    SiteKind Kind,
    ulong Address,
    string Place,
    KeyFacts? Key,
    Sealing Sealing,
    string Section,
    IReadOnlyList<string> Path,
    IReadOnlyList<string> Roots
)
{
    /// <summary>It can change while the kernel runs, or nothing tells that it cannot.</summary>
    public bool IsOpen => Sealing is Sealing.Runtime or Sealing.Tools or Sealing.Unknown;
}
