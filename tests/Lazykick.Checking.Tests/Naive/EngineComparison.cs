using System.Text;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Holds the engine's answer about one configuration against that of the naive interpreter.</summary>
internal static class EngineComparison
{
    /// <summary>
    /// Every difference, one a line; empty if there is none. Null if the space is too large to compare.
    /// </summary>
    public static string? Differences(Scheme scheme, IReadOnlyDictionary<string, string> knobs, int cpus, int maxStates)
    {
        var diagnostics = new DiagnosticCollection();
        var limits = SearchLimits.Default with { MaxStates = maxStates };
        var found = SchemeCheck.Run(
            scheme,
            new CheckOptions
            {
                Cpus = cpus,
                Knobs = knobs,
                Limits = limits,
                Exact = true,
            },
            diagnostics
        );
        NaiveResult expected;
        try
        {
            var indices = knobs.ToDictionary(
                k => k.Key,
                k => scheme.Knobs[k.Key].Values.ToList().IndexOf(k.Value),
                StringComparer.Ordinal
            );
            if (found is not null && found.End != SearchEnd.Exhausted)
                return null;
            expected = NaiveChecker.Run(scheme, indices, cpus, maxStates);
        }
        catch (NaiveSchemeException error)
        {
            return found is null ? "" : $"an error: {error.Message}, the engine finds none\n";
        }

        if (expected.GaveUp)
            return null;
        if (found is null)
            return $"no error, the engine finds {diagnostics.First().Render()}";
        return Differences(expected, found);
    }

    private static string Differences(NaiveResult expected, CheckResult found)
    {
        var lines = new StringBuilder();
        Compare("states", expected.States, found.States);
        Compare("moves", expected.Moves, found.Transitions);
        Compare("a kick returns", expected.KickReturns, found.KickReturned);
        foreach (var (property, length) in expected.Verdicts)
        {
            var verdict = found.Verdicts.FirstOrDefault(v => v.Property == property);
            if (verdict is null && length is null)
                continue; // every assertion of it is cut off by a knob or in a routine that nobody calls
            if (verdict?.Race.Value is { } race && expected.Races.TryGetValue(property, out var cpus))
            {
                Compare(
                    $"race for {property}",
                    string.Join(' ', cpus),
                    string.Join(' ', race.Moves.Select(m => m.Cpu))
                );
            }

            Compare(
                property,
                length?.ToString() ?? "holds",
                verdict is null ? "nothing"
                    : verdict.Verdict is Verdict.Holds or Verdict.NotChecked ? "holds"
                    : verdict.Length.ToString()
            );
        }

        CompareAll(
            "property",
            found.Verdicts.Select(v => v.Property).Where(expected.Verdicts.ContainsKey),
            found.Verdicts.Select(v => v.Property)
        );
        CompareAll(
            "position",
            Merged(
                expected.Positions.Select(p =>
                    ($"{p.Role} {p.Path} {(p.Line == 0 ? "" : Last(p.Position))}", p.IsStale, p.IsEqs)
                )
            ),
            Merged(
                found
                    .Positions.Where(p => p.IsVisited)
                    .Select(p =>
                        ($"{p.Role} {p.Path} {(p.Step.Length == 0 ? "" : Where(p))}", p.MayRunStale, p.MayBeInEqs)
                    )
            )
        );
        CompareAll(
            "never taken",
            Never(expected.Steps.Select(s => ($"{s.Role}: {Last(s.Position)}", s.IsTaken))),
            Never(found.Positions.Where(p => p.Step.Length > 0).Select(p => ($"{p.Role}: {Where(p)}", p.IsTaken)))
        );
        return lines.ToString();

        void Compare<T>(string what, T wanted, T got)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, got))
                lines.Append($"{what}: {wanted}, the engine says {got}\n");
        }

        void CompareAll(string what, IEnumerable<string> wanted, IEnumerable<string> got)
        {
            var (mine, its) = (wanted.ToHashSet(StringComparer.Ordinal), got.ToHashSet(StringComparer.Ordinal));
            foreach (var item in mine.Except(its))
                lines.Append($"{what}: {item}, not so the engine\n");
            foreach (var item in its.Except(mine))
                lines.Append($"{what}: the engine alone has {item}\n");
        }
    }

    private static string Last(string position) =>
        position[(position.LastIndexOf('>') + 1)..].Trim().Replace(" returns", "", StringComparison.Ordinal);

    private static string Where(WindowPosition position) => $"{position.Span}:{position.Span.Column}";

    /// <summary>Steps that are taken by none of the calls that lead to them.</summary>
    private static IEnumerable<string> Never(IEnumerable<(string Key, bool IsTaken)> steps) =>
        steps.GroupBy(s => s.Key, StringComparer.Ordinal).Where(g => !g.Any(s => s.IsTaken)).Select(g => g.Key);

    /// <summary>Positions of one step in a path, by whatever calls it is reached.</summary>
    private static IEnumerable<string> Merged(IEnumerable<(string Key, bool IsStale, bool IsEqs)> positions) =>
        positions
            .GroupBy(p => p.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}{(g.Any(p => p.IsStale) ? " stale" : "")}{(g.Any(p => p.IsEqs) ? " eqs" : "")}");
}
