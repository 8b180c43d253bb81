using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Replaying;

/// <summary>One CPU in one state of an execution.</summary>
/// <param name="Frames">The paths that it is in, outermost first; the place alone if it is in none.</param>
/// <param name="Step">The step that comes next; empty at a place.</param>
/// <param name="Span">Where that is written.</param>
/// <param name="InEqs">RCU does not watch it.</param>
/// <param name="InKick">A kick of it is in progress.</param>
/// <param name="Masks">What is masked, of D, A and I.</param>
/// <param name="Pending">Interrupts that are pending.</param>
/// <param name="InFlight">Its accesses in flight, oldest first; none under <c>sc</c>.</param>
public sealed record CpuState(
    IReadOnlyList<string> Frames,
    string Step,
    SourceSpan Span,
    bool InEqs,
    bool InKick,
    string Masks,
    IReadOnlyList<string> Pending,
    IReadOnlyList<AccessInFlight> InFlight
);
