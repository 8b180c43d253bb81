using System.Text;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Reports;

namespace Lazykick.Auditing.Joining;

/// <summary>
/// Writes the facts of an image as a scheme: knobs of the catalogue's bases, each with the place that it was read from.
/// </summary>
public static class SchemeEmitter
{
    /// <summary>Makes the scheme's text.</summary>
    /// <param name="audit">The image, audited in all its windows.</param>
    /// <returns>
    /// A scheme on v2 (arm64), or on x86-entry with a policy that skips CPUs in the EQS: with the synchronisation that
    /// the image has.
    /// </returns>
    /// <exception cref="InvalidOperationException">The window of the way in was refused: there are no
    /// facts.</exception>
    public static string Write(AuditReport audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        var entry = audit.Windows.FirstOrDefault(w => w.Name == "entry");
        if (entry?.Refused is not null || entry is null)
        {
            throw new InvalidOperationException(
                $"the window 'entry' gives no facts: {entry?.Refused ?? "it was not audited"}"
            );
        }

        var text = new StringBuilder();
        var name =
            "image-"
            + string.Concat((audit.Image.Banner ?? "unknown").Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))
                .ToLowerInvariant();
        var policy = audit.Image.Machine == MachineKind.Arm64 ? "the policy of v2" : "a policy that skips the EQS";
        text.Append($"scheme {name} \"what this image does, with {policy}\"\n");
        text.Append(
            $"# Linux {audit.Image.Banner ?? "of an unknown version"}, written by lazykick audit --emit-scheme. Facts "
                + "of the image; the policy is an example.\n"
        );
        if (audit.Image.Machine == MachineKind.Arm64)
        {
            Arm64(audit, entry, text);
        }
        else
        {
            X86(audit, entry, text);
        }

        return text.ToString();
    }

    private static void Arm64(AuditReport audit, WindowReport entry, StringBuilder text)
    {
        var kernel = entry.AtomicRoots.Where(r => r.StartsWith("el1", StringComparison.Ordinal)).ToList();
        var unmasks = entry.Unmasks;
        var order =
            kernel.Count > 0 ? "v5_10"
            : unmasks.Count > 0 ? "v4_16"
            : "v5_4";
        var why = order switch
        {
            "v5_10" => $"{kernel.Count} entries from EL1 reach the atomic, {kernel[0]} among them",
            "v4_16" => $"interrupts may be unmasked in the EQS: {unmasks[0]}",
            _ => "nothing unmasks interrupts before the atomic, and no entry from EL1 reaches one",
        };
        var after = entry.FirstTexts;
        text.Append("include v2\n");
        Set("entry_order", order, why);
        Set(
            "atomics",
            UsesLse(audit, entry) ? "lse" : "llsc",
            $"the atomic at {(entry.Atomics is [var first, ..] ? first : "an unknown place")}"
        );
        Set(
            "tif",
            audit.Image.Symbols["trace_hardirqs_off"] is null ? "off" : "on",
            audit.Image.Symbols["trace_hardirqs_off"] is null
                ? "no trace_hardirqs_off in the image"
                : "trace_hardirqs_off is in the image"
        );
        Set("patch1", "off", "no isb of its own was looked for in el1 entry; the exception is a CSE under EIS=1");
        Set("patch2", "on", "C entry code keeps its arguments in pt_regs");
        Set("patch3", "off", "no isb before the atomic counts, since a later patch races with it");
        var isb = after.Count > 0 && after.All(f => f.Synchronised.Contains("isb", StringComparison.Ordinal));
        var dsb = after.Count > 0 && after.All(f => f.Synchronised.StartsWith("dsb", StringComparison.Ordinal));
        Set(
            "patch4",
            isb ? "on" : "off",
            after.Count == 0 ? "no ordinary text was reached after the atomic"
                : isb ? "an isb comes after the atomic on every way to ordinary text"
                : $"{after.Count(f => !f.Synchronised.Contains("isb", StringComparison.Ordinal))} of {after.Count} "
                    + "ways from the atomic to ordinary text have no isb: "
                    + $"{after.First(f => !f.Synchronised.Contains("isb", StringComparison.Ordinal)).Place}"
        );
        Set(
            "dsb",
            dsb ? "on" : "off",
            dsb ? "a dsb comes after the atomic on every way" : "not on every way a dsb comes after the atomic"
        );
        Sites(audit, text);

        void Set(string knob, string value, string reason)
        {
            var line = $"set {knob} = {value}";
            text.Append($"{line,-30}# {reason}\n");
        }
    }

    private static void X86(AuditReport audit, WindowReport entry, StringBuilder text)
    {
        text.Append("include x86-entry\n");
        text.Append(
            $"{"set pti = off",-30}# the write of CR3 is an alternative: it serialises only where PTI is on\n"
        );
        var nmi = entry.Roots.FirstOrDefault(r => r.Contains("nmi", StringComparison.Ordinal));
        text.Append($"{$"set nmi = {(nmi is null ? "off" : "on")}",-30}# {nmi ?? "no root for NMIs"} was walked\n");
        text.Append("private seen : 0..2 = 0\ncpus kicker target\npromises S1 S1.windows S8\n\n");
        var bare = entry.FirstTexts.Where(f => f.Synchronised == "nothing").ToList();
        if (bare.Count == 0 && entry.FirstTexts.Count > 0)
        {
            text.Append(
                $"# A serialising instruction comes after the atomic on all {entry.FirstTexts.Count} ways.\n"
                    + "in ct_user_exit after @count\n    serialize\n\n"
            );
        }
        else
        {
            text.Append(
                $"# {bare.Count} of {entry.FirstTexts.Count} ways from the atomic to ordinary text have no serialising "
                    + $"instruction{(bare.Count > 0 ? $": {bare[0].Place}" : "")}.\n"
            );
        }

        text.Append(
            "# The policy is an example: CPUs in the EQS are skipped where the site is ordinary text.\n"
                + "policy skip_eqs serves text_poke_sync\n"
                + "    ask t:\n"
                + "        when site = noinstr: interrupt\n"
                + "        else:\n"
                + "            seen := state[t]\n"
                + "            when seen = 1: interrupt\n"
                + "            else: skip\n"
                + "    trace skip when user_eqs\n\n"
                + "in text_poke_sync replace @choose\n"
                + "    for t in others: select t into mask by skip_eqs\n"
        );
        Sites(audit, text);
    }

    private static void Sites(AuditReport audit, StringBuilder text)
    {
        foreach (var window in audit.Windows.Where(w => w.Refused is null))
        {
            foreach (var group in window.Sites.Where(s => s.IsOpen && s.Key is not null).GroupBy(s => s.Key!.Name))
            {
                text.Append(
                    $"# {window.Name}: {group.Count()} sites of {group.Key} can change: "
                        + $"{string.Join(" > ", group.First().Path)}\n"
                );
            }
        }
    }

    private static bool UsesLse(AuditReport audit, WindowReport entry)
    {
        foreach (var place in entry.Atomics)
        {
            var parts = place.Split("+0x");
            if (
                audit.Image.Symbols[parts[0]] is { } function
                && audit.Image.Space.TryRead32(
                    function + (parts.Length > 1 ? Convert.ToUInt64(parts[1], 16) : 0),
                    out var word
                )
                && ((word & 0x3f200c00) == 0x38200000 || (word & 0x3fa07c00) == 0x08a07c00)
            )
            {
                return true;
            }
        }

        return false;
    }
}
