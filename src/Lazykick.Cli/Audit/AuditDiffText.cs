using Lazykick.Auditing.Reports;
using Lazykick.Cli.AuditResults;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Audit;

/// <summary>What changed between two kernels, as people read it.</summary>
internal sealed class AuditDiffText(Terminal terminal)
{
    public void Write(IReadOnlyList<ImageAudit> audits, IReadOnlyList<AuditDifference> differences)
    {
        terminal.Line($"from {audits[0].Path} (Linux {audits[0].Report.Image.Banner ?? "unknown"})");
        terminal.Line($"to   {audits[1].Path} (Linux {audits[1].Report.Image.Banner ?? "unknown"})");
        foreach (var window in audits[0].Report.Windows)
        {
            var here = differences.Where(d => d.Window == window.Name).ToList();
            terminal.Line();
            var refused =
                window.Refused ?? audits[1].Report.Windows.FirstOrDefault(w => w.Name == window.Name)?.Refused;
            terminal.Line(
                (window.Name, "bold"),
                (
                    here.Count > 0 ? ""
                    : refused is null ? ": no difference"
                    : $": refused, nothing was compared ({refused})",
                    ""
                )
            );
            foreach (var difference in here)
            {
                terminal.Line(
                    ("  " + (difference.IsWorse ? "! " : "  "), difference.IsWorse ? "bold red" : ""),
                    (difference.Text, "")
                );
            }
        }
    }
}
