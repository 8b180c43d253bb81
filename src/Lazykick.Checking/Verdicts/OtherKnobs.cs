using Lazykick.Checking.Compilation;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>
/// Tells a property that these knobs leave out from one that a scheme has forgotten: the first is scope, to be said
/// with the verdict, the second is a gap.
/// </summary>
internal static class OtherKnobs
{
    /// <summary>
    /// Of properties that were not checked, the promised ones that other knobs bring in, with such a value. They are
    /// looked for when they are asked for; what is kept until then holds no space.
    /// </summary>
    /// <param name="compiled">The scheme with the knobs that were explored.</param>
    /// <param name="notChecked">The properties' names.</param>
    public static Lazy<IReadOnlyDictionary<string, string>> ThatLeaveOut(
        CompiledScheme compiled,
        IEnumerable<string> notChecked
    ) =>
        new(() =>
            notChecked
                .Where(p => PropertyList.Find(compiled.Scheme, p) is not null)
                .Where(p => PropertyList.IsPromised(compiled.Scheme, p))
                .Select(p => (Property: p, Knob: With(compiled, p)))
                .Where(static p => p.Knob is not null)
                .ToDictionary(static p => p.Property, static p => p.Knob!, StringComparer.Ordinal)
        );

    /// <summary>
    /// The first value of a knob, the scheme's own knobs first, with which a property could be checked; or null.
    /// </summary>
    /// <param name="compiled">The scheme with the knobs that were explored.</param>
    /// <param name="property">The property's name.</param>
    private static string? With(CompiledScheme compiled, string property)
    {
        if (IsPossible(compiled, property))
            return null; // nothing is left out, and yet it was not met
        var scheme = compiled.Scheme;
        var own = scheme.Header.Span.Source.Path;
        foreach (var knob in scheme.Knobs.Values.OrderBy(k => k.Span.Source.Path == own ? 0 : 1))
        {
            for (var value = 0; value < knob.Values.Count; value++)
            {
                var knobs = new Dictionary<string, int>(compiled.Knobs, StringComparer.Ordinal) { [knob.Name] = value };
                var slots = compiled.Memory == MemoryModel.Sc ? 0 : 1;
                var cpus = compiled.Cpus.Length;
                var other = SchemeCompiler.Compile(
                    scheme,
                    knobs,
                    cpus,
                    compiled.Memory,
                    slots,
                    new DiagnosticCollection()
                );
                if (other is not null && IsPossible(other, property))
                    return $"{knob.Name}={knob.Values[value]}";
            }
        }

        return null;
    }

    /// <summary>If every step that is compiled were taken, the property would be looked at.</summary>
    private static bool IsPossible(CompiledScheme compiled, string property) =>
        compiled.Properties.FirstOrDefault(p => p.Property.Id == property) is { CanBeViolated: true } checks
        && checks.WhyVacuous(Evidence.Possible(compiled)) is null;
}
