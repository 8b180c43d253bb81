using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Reports;

/// <summary>Compares the audits of two kernels, in words.</summary>
public static class AuditComparison
{
    /// <summary>What changed from one to the other.</summary>
    public static IReadOnlyList<AuditDifference> Compare(AuditReport before, AuditReport after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var result = new List<AuditDifference>();
        foreach (var old in before.Windows)
        {
            if (after.Windows.FirstOrDefault(w => w.Name == old.Name) is { } now)
            {
                Window(old, now, result);
            }
        }

        return result;
    }

    private static void Window(WindowReport old, WindowReport now, List<AuditDifference> result)
    {
        if (old.Refused is not null || now.Refused is not null)
        {
            if (old.Refused != now.Refused)
            {
                result.Add(
                    new AuditDifference(
                        old.Name,
                        now.Refused is not null,
                        now.Refused is { } why
                            ? $"cannot be audited any more: {why}"
                            : "can be audited now, and could not before"
                    )
                );
            }

            return;
        }

        Sites(old, now, result);
        Order(old, now, result);
        Synchronisation(old, now, result);
        Names("root", old.Roots, now.Roots, old.Name, result);
    }

    private static void Sites(WindowReport old, WindowReport now, List<AuditDifference> result)
    {
        var was = Groups(old);
        var isNow = Groups(now);
        foreach (var (what, sites) in isNow.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var sealing = sites[0].Sealing;
            if (!was.TryGetValue(what, out var earlier))
            {
                result.Add(
                    new AuditDifference(
                        now.Name,
                        sites[0].IsOpen,
                        $"{what} appeared: {Number(sites.Count)}, {Words(sealing)}, {string.Join(" > ", sites[0].Path)}"
                    )
                );
                continue;
            }

            if (earlier[0].Sealing != sealing)
            {
                var lost = Rank(sealing) > Rank(earlier[0].Sealing);
                result.Add(
                    new AuditDifference(
                        now.Name,
                        lost,
                        $"{what}: {Words(earlier[0].Sealing)} before, {Words(sealing)} "
                            + $"now{(lost ? " (sealing was lost)" : "")}"
                    )
                );
            }

            if (earlier.Count != sites.Count)
            {
                result.Add(
                    new AuditDifference(
                        now.Name,
                        sites.Count > earlier.Count && sites[0].IsOpen,
                        $"{what}: {Number(earlier.Count)} before, {sites.Count} now"
                    )
                );
            }
        }

        foreach (
            var (what, sites) in was.Where(g => !isNow.ContainsKey(g.Key)).OrderBy(g => g.Key, StringComparer.Ordinal)
        )
        {
            result.Add(
                new AuditDifference(
                    now.Name,
                    false,
                    $"{what} left the window: {Number(sites.Count)} before ({string.Join(" > ", sites[0].Path)})"
                )
            );
        }

        int alternatives = old.Count(SiteKind.Alternative),
            later = now.Count(SiteKind.Alternative);
        if (alternatives != later)
        {
            result.Add(
                new AuditDifference(now.Name, false, $"alternatives (boot only): {alternatives} before, {later} now")
            );
        }
    }

    /// <summary>Two keys that one path meets in another order: which of them old text shows first.</summary>
    private static void Order(WindowReport old, WindowReport now, List<AuditDifference> result)
    {
        var was = Groups(old);
        foreach (var (what, sites) in Groups(now).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (!was.TryGetValue(what, out var earlier))
            {
                continue;
            }

            string from = Chain(earlier[0]),
                to = Chain(sites[0]);
            if (from != to && sites[0].Key is not null)
            {
                result.Add(new AuditDifference(now.Name, false, $"shortest path to {what}: {from} before, {to} now"));
            }
        }

        static string Chain(AuditSite site) => string.Join(" > ", site.Path.Select(p => p.Split('+')[0]));
    }

    private static void Synchronisation(WindowReport old, WindowReport now, List<AuditDifference> result)
    {
        var was = old.FirstTexts.Select(f => f.Synchronised).ToHashSet(StringComparer.Ordinal);
        var isNow = now.FirstTexts.Select(f => f.Synchronised).ToHashSet(StringComparer.Ordinal);
        foreach (var what in isNow.Except(was).Order(StringComparer.Ordinal))
        {
            result.Add(
                new AuditDifference(
                    now.Name,
                    what == "nothing",
                    $"some way from the atomic to ordinary text has {what} in between now, none had before"
                )
            );
        }

        foreach (var what in was.Except(isNow).Order(StringComparer.Ordinal))
        {
            result.Add(
                new AuditDifference(
                    now.Name,
                    what != "nothing",
                    $"no way from the atomic to ordinary text has {what} in between any more"
                )
            );
        }
    }

    private static void Names(
        string what,
        IReadOnlyList<string> old,
        IReadOnlyList<string> now,
        string window,
        List<AuditDifference> result
    )
    {
        var appeared = now.Except(old).ToList();
        var gone = old.Except(now).ToList();
        if (appeared.Count > 0)
        {
            result.Add(
                new AuditDifference(
                    window,
                    false,
                    $"new {what}{(appeared.Count == 1 ? "" : "s")}: {string.Join(", ", appeared)}"
                )
            );
        }

        if (gone.Count > 0)
        {
            result.Add(
                new AuditDifference(
                    window,
                    false,
                    $"{what}{(gone.Count == 1 ? "" : "s")} that went: {string.Join(", ", gone)}"
                )
            );
        }
    }

    private static Dictionary<string, List<AuditSite>> Groups(WindowReport window) =>
        window
            .Sites.Where(s => s.Kind != SiteKind.Alternative)
            .GroupBy(Name)
            .ToDictionary(g => g.Key, g => g.OrderBy(s => s.Path.Count).ToList(), StringComparer.Ordinal);

    private static string Name(AuditSite site) =>
        site.Kind switch
        {
            SiteKind.StaticKey => $"static key {site.Key!.Name}",
            SiteKind.StaticCall => $"static call {site.Key!.Name}",
            SiteKind.Ftrace => $"ftrace of {site.Place}",
            _ => $"kprobes in {site.Place}",
        };

    private static string Number(int count) => count == 1 ? "1 site" : $"{count} sites";

    private static string Words(Sealing sealing) => SealingWords.Of(sealing);

    private static int Rank(Sealing sealing) =>
        sealing switch
        {
            Sealing.BootOnly or Sealing.Sealed => 0,
            Sealing.InitOnly => 1,
            Sealing.NoUpdater => 1,
            _ => 2,
        };
}
