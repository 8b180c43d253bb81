using Lazykick.Auditing.Joining;
using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Walking;
using Lazykick.Cli.AuditResults;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Audit;

/// <summary>An audit as people read it: what is not known before what is.</summary>
internal sealed class AuditText(Terminal terminal, string[] asked)
{
    private const int MostPlaces = 3;

    private static readonly Dictionary<string, string> s_titles = new(StringComparer.Ordinal)
    {
        ["entry"] = "exception entry to EQS exit",
        ["exit"] = "EQS enter to exception return",
        ["idle"] = "EQS enter to EQS exit in idle",
        ["guest"] = "EQS enter to EQS exit around a guest",
    };

    public void Write(ImageAudit audit)
    {
        var report = audit.Report;
        var image = report.Image;
        terminal.Line(
            (audit.Path, "bold"),
            (
                $": Linux {image.Banner ?? "of an unknown version"}, "
                    + $"{(image.Machine == Auditing.Bytes.MachineKind.Arm64 ? "arm64" : "x86-64")} "
                    + $"({image.Container})",
                ""
            )
        );
        terminal.Line($"  symbols: {image.Symbols.Source}");
        terminal.Line(
            "  tables: "
                + string.Join(
                    ", ",
                    image.Tables.Found.Select(t =>
                        t.Entries is { } n
                            ? $"{t.Name} {n:N0}{(t.IsInferred ? $" ({t.How.Split(';')[0]})" : "")}"
                            : $"{t.Name} {t.How}"
                    )
                )
        );
        terminal.Line($"  layouts: {image.Tables.Layouts.How}");
        foreach (var note in image.Notes)
        {
            terminal.Line($"  note: {note}");
        }

        if (!report.IsStateKnown && !image.IsModule)
        {
            terminal.Line(
                $"  not known: the image has no symbol {report.Model.State}; atomics count by the functions that the "
                    + "model names"
            );
        }

        if (report.IsKeyGuessed)
        {
            terminal.Line(
                "  not known: names of keys; the key before most calls of __ct_user_exit and __ct_user_enter was taken "
                    + "for context_tracking_key"
            );
        }

        if (image.Tables.ReadOnlyAfterInit.IsEmpty)
        {
            terminal.Line("  not known: which keys are sealed (no __start_ro_after_init in the image)");
        }

        if (image.Tables.Blacklist is null)
        {
            terminal.Line("  not looked at: kprobes (no kprobe blacklist in the image)");
        }

        if (image.Tables.Traceable is null)
        {
            terminal.Line("  not looked at: ftrace (__mcount_loc was not found: FUNCTION_TRACER is off, or stripped)");
        }

        foreach (var window in report.Windows)
        {
            terminal.Line();
            Window(window);
        }

        if (audit.Masked is { } masked)
        {
            terminal.Line();
            Masked(masked);
        }

        if (audit.Joins is { } joins)
        {
            terminal.Line();
            Joined(audit, joins);
        }

        terminal.Line();
        terminal.Line(
            $"Model {report.Model.Name}: {report.UnknownNames.Count} of its names are not in this image; "
                + $"{report.Instructions:N0} instructions decoded."
        );
        terminal.Line(
            "Sites are those that a walk reaches under these assumptions. No site listed is not a proof that there is "
                + "none."
        );
    }

    private void Window(WindowReport window)
    {
        terminal.Line(($"{window.Name}", "bold"), ($"  {s_titles[window.Name]}", ""));
        if (window.Refused is { } why)
        {
            terminal.Line(("  REFUSED ", "bold yellow"), (why, ""));
            return;
        }

        terminal.Line($"  walked {window.Functions} functions in the EQS from {window.Roots.Count} roots");
        var sites = window.Sites.Where(s => ImageAudit.IsAsked(s, asked)).ToList();
        terminal.Line(
            $"  {Count(sites, SiteKind.StaticKey)} static key sites, {Count(sites, SiteKind.StaticCall)} static call "
                + $"sites, {Count(sites, SiteKind.Ftrace)} functions that ftrace can patch, "
                + $"{Count(sites, SiteKind.Kprobe)} functions that kprobes can patch, "
                + $"{Count(sites, SiteKind.Alternative)} alternatives (boot only)"
        );
        foreach (
            var group in sites
                .Where(s => s.Key is not null)
                .GroupBy(s => (s.Kind, s.Key!.Name))
                .OrderBy(g => g.First().Sealing == Sealing.Sealed)
                .ThenBy(g => g.Key.Name, StringComparer.Ordinal)
        )
        {
            Key([.. group]);
        }

        foreach (var site in sites.Where(s => s.Kind is SiteKind.Ftrace or SiteKind.Kprobe))
        {
            terminal.Line(
                $"    {(site.Kind == SiteKind.Ftrace ? "ftrace" : "kprobe"),-10} {string.Join(" > ", site.Path)}  "
                    + $"[{site.Section}, {Roots(site.Roots)}]"
            );
        }

        Synchronisation(window);
        foreach (var (state, roots) in window.Ends)
        {
            terminal.Line($"  at exception return: {state}, {roots} roots");
        }

        foreach (var (kind, places) in window.Limits.All)
        {
            terminal.Line(
                $"  assumed or not followed: {kind}: {places.Count} "
                    + $"({string.Join(", ", places.Take(MostPlaces))}{(places.Count > MostPlaces ? ", ..." : "")})"
            );
        }
    }

    private void Key(List<AuditSite> sites)
    {
        var key = sites[0].Key!;
        var shown = sites.MinBy(s => s.Path.Count)!;
        var style = shown.Sealing switch
        {
            Sealing.Sealed or Sealing.InitOnly => "green",
            Sealing.Runtime => "bold red",
            _ => "yellow",
        };
        terminal.Line(
            ("    ", ""),
            ($"{SealingWords.Of(key.Sealing),-10}", style),
            ($" {key.Name}, {sites.Count} site{(sites.Count == 1 ? "" : "s")}{Updaters(key)}", "")
        );
        terminal.Line($"               {string.Join(" > ", shown.Path)}  [{shown.Section}, {Roots(shown.Roots)}]");
        if (key.Allowed is { } why)
        {
            terminal.Line($"               allowed by the model: {why}");
        }
    }

    private static string Updaters(KeyFacts key)
    {
        if (key.Sealing == Sealing.Sealed)
        {
            return "";
        }

        var parts = new List<string>();
        if (key.Updaters.Count > 0)
        {
            parts.Add(
                "updated by " + string.Join(", ", key.Updaters.Select(u => u.Name + (u.IsInit ? " (init)" : "")))
            );
        }

        if (key.Updaters.Count == 0 && key.Others.Count > 0)
        {
            parts.Add(
                "referred to by "
                    + string.Join(", ", key.Others.Take(MostPlaces).Select(u => u.Name + (u.IsInit ? " (init)" : "")))
            );
        }

        if (key.IsExported == true)
        {
            parts.Add("modules can update it");
        }

        if (key.Pointers.Count > 0)
        {
            parts.Add($"its address is in data at {string.Join(", ", key.Pointers.Take(MostPlaces))}");
        }

        return parts.Count == 0 ? "; nothing in the image updates it" : "; " + string.Join("; ", parts);
    }

    private void Synchronisation(WindowReport window)
    {
        if (window.Name == "exit")
        {
            return;
        }

        terminal.Line(
            "  EQS exit: "
                + $"{(window.Atomics.Count == 0 ? "no atomic" : "atomic at " + string.Join(", ", window.Atomics))}"
        );
        foreach (var group in window.FirstTexts.GroupBy(f => f.Synchronised))
        {
            var first = group.First();
            var target =
                first.Target is null ? "a call through a pointer"
                : first.Target == first.Place ? "a patch site"
                : first.Target;
            terminal.Line(
                $"    between it and the first ordinary text: {group.Key}, {group.Count()} ways; "
                    + $"{string.Join(" > ", first.Path)}, at {first.Place}: {target}"
            );
        }
    }

    private void Masked(IReadOnlyList<MaskedPlace> places)
    {
        terminal.Line(
            ("interrupts masked", "bold"),
            ("  one function at a time: what its callers masked is not known, paths are not told apart", "")
        );
        terminal.Line(
            $"  {places.Count(p => !p.IsWait)} calls that send IPIs, {places.Count(p => p.IsWait)} loops that wait "
                + "(for another CPU or a device: not told)"
        );
        foreach (var place in places.Where(p => p.IsCertain))
        {
            terminal.Line(
                $"    {(place.IsWait ? "waits" : "sends"),-6} "
                    + $"{place.Place}{(place.Sender is null ? "" : ": " + place.Sender)}"
            );
        }

        // Paths are not told apart, so that most of these are none: a reader who wants them asks for JSON.
        var others = places.Where(p => !p.IsCertain).ToList();
        if (others.Count > 0)
        {
            terminal.Line(
                $"    and {others.Count(p => !p.IsWait)} that send, {others.Count(p => p.IsWait)} that wait, masked on "
                    + "some path through the function at most (--json lists them)"
            );
        }
    }

    private void Joined(ImageAudit audit, IReadOnlyList<WindowJoin> joins)
    {
        var check = audit.Check!;
        terminal.Line(
            ("scheme " + check.Scheme.Name, "bold"),
            (
                $"  {check.Cpus} CPUs, {check.Memory.ToString().ToLowerInvariant()}, {check.States:N0} "
                    + $"states{(joins[0].IsExhaustive ? "" : ", NOT ALL explored")}",
                ""
            )
        );
        foreach (var join in joins)
        {
            var name = join.Window.Name;
            if (join.StaleInEqs.Count + join.StaleAfter.Count == 0)
            {
                terminal.Line(
                    $"  {name}: check derived no position where old text may "
                        + $"run{(join.IsExhaustive ? "" : " so far")}, or the scheme has no such path"
                );
                continue;
            }

            if (join.Window.Refused is not null)
            {
                terminal.Line(
                    $"  {name}: old text may run here ({join.StaleInEqs.Concat(join.StaleAfter).First()}), and the "
                        + "image's window was refused: not known which"
                );
                continue;
            }

            terminal.Line(
                $"  {name}: old text may run at {join.StaleInEqs.Count} positions in the EQS and "
                    + $"{join.StaleAfter.Count} after it"
            );
            foreach (var group in join.Sites.GroupBy(s => s.Key?.Name ?? s.Place))
            {
                var site = group.First();
                var updater =
                    site.Key is { Updaters: [var u, ..] } ? u.Name
                    : site.Key is not null ? "its updater"
                    : "a tracer or prober";
                terminal.Line(
                    $"    this kernel would run old text at {group.Count()} sites of {group.Key} if {updater} updates "
                        + $"them: {string.Join(" > ", site.Path)}"
                );
            }

            if (join.Sites.Count == 0 && join.StaleInEqs.Count > 0)
            {
                terminal.Line("    no site in the EQS that can still change was reached in this image");
            }

            foreach (var first in join.FirstTexts.Take(MostPlaces))
            {
                terminal.Line(
                    $"    after the atomic, before anything synchronises: {string.Join(" > ", first.Path)}, at "
                        + $"{first.Place}{(first.Target is null ? "" : ": " + first.Target)}"
                );
            }

            if (join.FirstTexts.Count > MostPlaces)
            {
                terminal.Line($"    and {join.FirstTexts.Count - MostPlaces} more such ways (--json has them all)");
            }
        }
    }

    private static string Roots(IReadOnlyList<string> roots) =>
        roots.Count == 1 ? $"from {roots[0]}" : $"from {roots.Count} roots";

    private static int Count(List<AuditSite> sites, SiteKind kind) => sites.Count(s => s.Kind == kind);
}
