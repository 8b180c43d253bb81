using Lazykick.Checking.Exploration;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Export;

/// <summary>Picks the property whose race is exported.</summary>
internal static class RaceChoice
{
    /// <summary>The verdict on the property asked for, or on the first promised one that is violated.</summary>
    /// <exception cref="ExportRefusedException">There is no race.</exception>
    /// <exception cref="SearchUndecidedException">The search gave up.</exception>
    public static PropertyVerdict Of(CheckResult check, string? property)
    {
        var about = Describe(check);
        if (property is not null)
        {
            if (check.Verdicts.FirstOrDefault(v => v.Property == property) is not { } asked)
            {
                throw new ExportRefusedException(
                    $"with these knobs no step of '{check.Scheme.Name}' can violate {property}",
                    Mend
                );
            }

            return asked.Verdict switch
            {
                Verdict.Violated => asked,
                Verdict.Undecided => throw GaveUp(check),
                Verdict.NotChecked => throw new ExportRefusedException(
                    $"{property} is not checked for {about}: {asked.Reason}",
                    Mend
                ),
                _ => throw new ExportRefusedException(
                    $"{property} holds for {about}: there is no race to export",
                    Mend
                ),
            };
        }

        if (check.Verdicts.FirstOrDefault(v => v is { Verdict: Verdict.Violated, IsPromised: true }) is { } first)
            return first;
        if (check.End != SearchEnd.Exhausted)
            throw GaveUp(check);
        var others = check.Verdicts.Where(v => v.Verdict == Verdict.Violated).Select(v => v.Property).ToList();
        throw new ExportRefusedException(
            $"{about} keeps what it promises: there is no race to export",
            others.Count == 0
                ? Mend
                : $"violated, but not promised: {string.Join(", ", others)}; export one with --property. {Mend}"
        );
    }

    /// <summary>Finds out before any search that there cannot be a test.</summary>
    /// <exception cref="ExportRefusedException">The scheme is for another processor, or does not state the
    /// property.</exception>
    public static void Require(Scheme scheme, string? property)
    {
        if (scheme.Arch is not ("arm64" or "x86_64"))
        {
            throw new ExportRefusedException(
                $"'{scheme.Name}' is a scheme for {scheme.Arch}: its races cannot be exported",
                "litmus tests are written for AArch64 and X86_64"
            );
        }

        var known = PropertyList.Of(scheme).Select(p => p.Id).ToList();
        if (property is null || known.Contains(property))
            return;
        throw new ExportRefusedException(
            PropertyList.Find(property)?.WhyNotStated(scheme) is { } why
                ? $"'{scheme.Name}' does not state {property} ({why})"
                : $"'{scheme.Name}' has no property '{property}'",
            Suggestion.For(property, known) ?? $"its properties: {string.Join(", ", known)}"
        );
    }

    private const string Mend =
        "To export the race of other knobs beside this mended form, give the knobs that break it with --set, and those "
            + "that mend it with --against";

    private static string Describe(CheckResult check)
    {
        var set = check
            .Knobs.Where(k => check.Scheme.Knobs[k.Key].Values[check.Scheme.Knobs[k.Key].Default] != k.Value)
            .Select(k => $"{k.Key}={k.Value}")
            .ToList();
        return $"{check.Scheme.Name}{(set.Count > 0 ? " with " + string.Join(' ', set) : "")} under "
            + $"{TestText.Model(check.Memory)}";
    }

    private static SearchUndecidedException GaveUp(CheckResult check) =>
        new($"the search gave up after {check.States:N0} states ({check.End}) before it met a race");
}
