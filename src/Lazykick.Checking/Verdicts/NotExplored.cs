using Lazykick.Checking.Compilation;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>What knobs leave out of an exploration: scope, said with every verdict.</summary>
internal static class NotExplored
{
    /// <summary>
    /// Knobs that bring in paths and starts of CPUs, or steps of the bases, and are off: as one would give them to
    /// <c>--set</c>.
    /// </summary>
    public static IReadOnlyList<string> Knobs(CompiledScheme compiled)
    {
        var scheme = compiled.Scheme;
        var own = scheme.Header.Span.Source.Path;
        var deciding = scheme
            .Roles.Values.SelectMany(r => r.Starts.Select(s => s.Condition).Concat(r.Takes.Select(t => t.Condition)))
            .OfType<Expression>()
            .SelectMany(Names.Of)
            .Select(n => n.Name)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. scheme
                .Knobs.Values.Where(k => deciding.Contains(k.Name) || k.Span.Source.Path != own)
                .Select(k => (Knob: k, Value: k.Values[compiled.Knobs[k.Name]]))
                .Where(k => IsLeftOut(k.Knob, k.Value, deciding.Contains(k.Knob.Name)))
                .Select(k => $"{k.Knob.Name}={string.Join('|', k.Knob.Values.Where(v => v != k.Value))}"),
        ];
    }

    /// <summary>
    /// Off, or none; of a knob that decides what CPUs do also every other value than the one explored.
    /// </summary>
    private static bool IsLeftOut(Knob knob, string value, bool decides) =>
        value is "off" or "none" || (decides && !knob.Values.Contains("off"));
}
