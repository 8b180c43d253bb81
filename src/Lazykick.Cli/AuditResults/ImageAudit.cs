using Lazykick.Auditing.Joining;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Walking;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.AuditResults;

/// <summary>An image with its audit and, where a scheme was given, what both say together.</summary>
internal sealed record ImageAudit(string Path, AuditReport Report)
{
    public CheckResult? Check { get; init; }

    public IReadOnlyList<MaskedPlace>? Masked { get; init; }

    public IReadOnlyList<WindowJoin>? Joins { get; init; }

    /// <summary>True if nothing was asked for, or a site's key or path is among what was.</summary>
    public static bool IsAsked(AuditSite site, string[] asked) =>
        asked.Length == 0
        || asked.Any(a =>
            site.Key?.Name == a || site.Path.Any(p => p == a || p.StartsWith(a + "+", StringComparison.Ordinal))
        );
}
