using System.Globalization;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Report;

/// <summary>
/// What <c>check</c> says of a scheme, from the <c>.expected</c> file beside it: a price without that would recommend a
/// race.
/// </summary>
internal static class SchemeVerdicts
{
    /// <summary>The race that the checker found in the scheme, in one line; null if it found none.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="expectations">Its <c>.expected</c> file, or null if there is none.</param>
    public static string? WarningOf(Scheme scheme, SourceText? expectations)
    {
        if (expectations is null)
            return $"not checked: 'lazykick check {scheme.Name}' tells whether it is safe";
        var refuted = ExpectationFile
            .Parse(expectations, new DiagnosticCollection())
            .Where(static entry => entry.Knobs.Count == 0)
            .SelectMany(entry =>
                entry
                    .Lengths.Where(property => property.Value > 0 && PropertyList.IsPromised(scheme, property.Key))
                    .Select(property => (entry, property.Key, Length: property.Value))
            )
            .OrderBy(static found => found.Length)
            .ToList();
        if (refuted.Count == 0)
            return null;
        var (entry, name, length) = refuted[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"refuted: {name}{(PropertyList.Find(scheme, name)?.Sentence is { Length: > 0 } text ? $" ({text})" : "")} is violated in {length} moves with {entry.Cpus} CPUs, memory {entry.Memory}; 'lazykick check {scheme.Name}' draws the race"
        );
    }
}
