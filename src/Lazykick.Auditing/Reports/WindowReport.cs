using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Reports;

/// <summary>What an audit found in a window.</summary>
/// <param name="Name">entry, exit, idle or guest.</param>
/// <param name="Refused">Why nothing is said of it, or null.</param>
public sealed record WindowReport(string Name, string? Refused)
{
    /// <summary>Where the walk began.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Functions of which instructions run in the window.</summary>
    public int Functions { get; init; }

    /// <summary>Places that can be rewritten, alternatives among them.</summary>
    public IReadOnlyList<AuditSite> Sites { get; init; } = [];

    /// <summary>Atomics that end the window (entry, idle, guest) or begin it (exit).</summary>
    public IReadOnlyList<string> Atomics { get; init; } = [];

    /// <summary>Roots from which such an atomic is reached.</summary>
    public IReadOnlyList<string> AtomicRoots { get; init; } = [];

    /// <summary>Instructions of the window that may unmask interrupts.</summary>
    public IReadOnlyList<string> Unmasks { get; init; } = [];

    /// <summary>Barriers that come after the atomic, before ordinary text.</summary>
    public IReadOnlyList<string> Barriers { get; init; } = [];

    /// <summary>Where text that may be patched runs first after the atomic.</summary>
    public IReadOnlyList<FirstText> FirstTexts { get; init; } = [];

    /// <summary>The state at every exception return, with how many roots have it: a check of the walk itself.</summary>
    public IReadOnlyDictionary<string, int> Ends { get; init; } = new Dictionary<string, int>();

    /// <summary>What was taken for granted or could not be followed.</summary>
    public WalkLimits Limits { get; init; } = new();

    /// <summary>Sites of a kind.</summary>
    public int Count(SiteKind kind) => Sites.Count(s => s.Kind == kind);
}
