using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Traces.Pricing;

/// <summary>
/// What <c>check</c> says of a scheme, from the <c>.expected</c> file beside it: a price without that would recommend a
/// race.
/// </summary>
internal static class SchemeVerdicts
{
    // Knobs that only leave paths out, or say where a CPU starts: what is violated with them is violated without.
    private static readonly string[] s_restrictions = ["svc=off", "idle=none", "start=idle", "start=vcpu"];

    /// <summary>The shortest race that the checker found in the scheme as it stands; null if it found none.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="expectations">Its <c>.expected</c> file.</param>
    /// <param name="isPromised">Whether the scheme promises a property.</param>
    public static Refutation? RefutationOf(
        Scheme scheme,
        SourceText expectations,
        Func<Scheme, string, bool> isPromised
    ) =>
        ExpectationFile
            .Parse(expectations, new DiagnosticCollection())
            .Where(IsOfTheSchemeItself)
            .SelectMany(static entry => entry.Lengths.Select(property => (entry, property.Key, property.Value)))
            .Where(found => found.Value > 0 && isPromised(scheme, found.Key))
            .OrderBy(static found => found.entry.Knobs.Count)
            .ThenBy(static found => found.Value)
            .Select(static found => new Refutation(
                found.Key,
                found.Value,
                found.entry.Cpus,
                found.entry.Memory,
                string.Join(' ', found.entry.Knobs.Select(static knob => $"--set {knob.Key}={knob.Value}"))
            ))
            .FirstOrDefault();

    private static bool IsOfTheSchemeItself(Expectation entry) =>
        entry.Knobs.All(static knob => s_restrictions.Contains($"{knob.Key}={knob.Value}", StringComparer.Ordinal));
}
