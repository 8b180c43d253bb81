using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Reports;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Auditing.Joining;

/// <summary>Joins what <c>check</c> derived for a scheme with what the audit found in an image.</summary>
public static class SchemeJoin
{
    /// <summary>Joins them.</summary>
    /// <param name="check">The scheme, explored.</param>
    /// <param name="audit">The image, audited.</param>
    /// <returns>A row for each window of the audit.</returns>
    public static IReadOnlyList<WindowJoin> Join(CheckResult check, AuditReport audit)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(audit);
        var stale = check.Positions.Where(p => p.MayRunStale).ToList();
        return [.. audit.Windows.Select(w => Window(w, check, [.. stale.Where(p => Of(p) == w.Name)]))];
    }

    /// <summary>Why the two cannot be joined, or null.</summary>
    public static string? Refusal(CheckResult check, AuditReport audit)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(audit);
        var arch = audit.Image.Machine == MachineKind.Arm64 ? "arm64" : "x86_64";
        return check.Scheme.Arch == arch
            ? null
            : $"scheme '{check.Scheme.Name}' is for "
                + $"{(check.Scheme.Arch.Length > 0 ? check.Scheme.Arch : "no architecture")}, the image for {arch}";
    }

    /// <summary>
    /// The window that a position of a scheme lies in, by the routines of the bases; null outside of all.
    /// </summary>
    public static string? Of(WindowPosition position)
    {
        ArgumentNullException.ThrowIfNull(position);
        var chain = position.Calls.Prepend(position.Path).ToList();
        if (chain.Contains("kvm_run"))
        {
            return "guest";
        }

        if (chain.Contains("do_idle") || chain.Contains("sleep") || chain.Contains("idle_loop"))
        {
            return "idle";
        }

        return chain.Exists(c =>
                c is "ret_to_user" or "context_tracking_user_enter" or "exit_to_user_mode" or "rcu_nmi_exit"
            )
                ? "exit"
            : chain.Exists(c =>
                c.StartsWith("el", StringComparison.Ordinal)
                || c.StartsWith("sdei", StringComparison.Ordinal)
                || c.StartsWith("entry_", StringComparison.Ordinal)
                || c is "irq_user" or "irq_kernel" or "nmi_user" or "nmi_kernel" or "enter_from_user_mode"
            )
                ? "entry"
            : null;
    }

    private static WindowJoin Window(WindowReport window, CheckResult check, List<WindowPosition> stale) =>
        new(
            window,
            check.End == SearchEnd.Exhausted,
            [.. stale.Where(p => p.MayBeInEqs).Select(Words).Distinct()],
            [.. stale.Where(p => !p.MayBeInEqs).Select(Words).Distinct()],
            stale.Exists(p => p.MayBeInEqs) ? [.. window.Sites.Where(s => s.IsOpen)] : [],
            stale.Exists(p => !p.MayBeInEqs)
                ?
                [
                    .. window.FirstTexts.Where(f =>
                        !f.Synchronised.Contains("isb", StringComparison.Ordinal)
                        && !f.Synchronised.StartsWith("serial", StringComparison.Ordinal)
                    ),
                ]
                : []
        );

    private static string Words(WindowPosition position) =>
        string.Join(
            " > ",
            position.Calls.Prepend(position.Path).Append(position.Step.Length > 0 ? position.Step : "(place)")
        );
}
