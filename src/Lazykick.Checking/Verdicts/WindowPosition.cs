using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>One position of a path: what may happen to text and to RCU there.</summary>
/// <param name="Role">The role of the CPUs that stand here.</param>
/// <param name="Path">The path, or the place.</param>
/// <param name="Calls">Calls that the step stands in, outermost first.</param>
/// <param name="Step">The step that comes next; empty at a place.</param>
/// <param name="Span">Where it is written.</param>
/// <param name="IsVisited">Some CPU stands here in some reachable state.</param>
/// <param name="MayRunStale">Text here may be old after a kick returned (rule M18): it must not be patched under this
/// scheme.</param>
/// <param name="MayBeInEqs">A CPU may stand here while RCU does not watch it: RCU must not be used here.</param>
/// <param name="IsTaken">The step is taken in some execution.</param>
public sealed record WindowPosition(
    string Role,
    string Path,
    IReadOnlyList<string> Calls,
    string Step,
    SourceSpan Span,
    bool IsVisited,
    bool MayRunStale,
    bool MayBeInEqs,
    bool IsTaken
);
