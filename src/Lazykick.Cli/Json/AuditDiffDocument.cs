using Lazykick.Auditing.Reports;
using Lazykick.Cli.AuditResults;

namespace Lazykick.Cli.Json;

/// <summary>What changed between two images, for programs: docs/reference/json.md.</summary>
internal sealed record AuditDiffDocument(
    string Schema,
    AuditDiffDocument.Side Before,
    AuditDiffDocument.Side After,
    IReadOnlyList<AuditDiffDocument.Difference> Differences
)
{
    public static AuditDiffDocument Of(IReadOnlyList<ImageAudit> audits, IReadOnlyList<AuditDifference> differences) =>
        new(
            "lazykick.audit-diff/1",
            Of(audits[0]),
            Of(audits[1]),
            [.. differences.Select(d => new Difference(d.Window, d.IsWorse, d.Text))]
        );

    private static Side Of(ImageAudit audit) =>
        new(
            audit.Path,
            audit.Report.Image.Banner,
            audit.Report.Windows.Where(w => w.Refused is not null).ToDictionary(w => w.Name, w => w.Refused!)
        );

    /// <summary>One of the two, with the windows that were refused and why.</summary>
    internal sealed record Side(string File, string? Kernel, IReadOnlyDictionary<string, string> Refused);

    /// <summary>A difference.</summary>
    internal sealed record Difference(string Window, bool Worse, string Text);
}
