using Lazykick.Auditing.Joining;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Walking;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Audit;

/// <summary>An image with its audit and, where a scheme was given, what both say together.</summary>
internal sealed record ImageAudit(string Path, AuditReport Report)
{
    public CheckResult? Check { get; init; }

    public IReadOnlyList<MaskedPlace>? Masked { get; init; }

    public IReadOnlyList<WindowJoin>? Joins { get; init; }
}
