using Lazykick.Auditing.Reports;

namespace Lazykick.Auditing.Joining;

/// <summary>A window under a scheme.</summary>
/// <param name="Window">What the audit found.</param>
/// <param name="IsExhaustive">The scheme's whole space was explored: where no position is stale, none can be.</param>
/// <param name="StaleInEqs">Positions in the EQS at which <c>check</c> derived that old text may run.</param>
/// <param name="StaleAfter">Such positions after the EQS was left.</param>
/// <param name="Sites">Sites of the image there that can still change.</param>
/// <param name="FirstTexts">Ordinary text that the image reaches there with nothing that synchronises before.</param>
public sealed record WindowJoin(
    WindowReport Window,
    bool IsExhaustive,
    IReadOnlyList<string> StaleInEqs,
    IReadOnlyList<string> StaleAfter,
    IReadOnlyList<AuditSite> Sites,
    IReadOnlyList<FirstText> FirstTexts
);
