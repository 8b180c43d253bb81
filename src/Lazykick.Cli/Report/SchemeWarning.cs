using System.Globalization;
using Lazykick.Checking.Properties;
using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Report;

/// <summary>What speaks against a scheme, in one line.</summary>
internal static class SchemeWarning
{
    /// <summary>The line, or null where nothing does.</summary>
    public static string? Of(SkipRule rule)
    {
        if (rule.Skips.Count == 0)
            return "it skips nobody: what it leaves is the trace as it is";
        var scheme = rule.Name.Split('/')[0];
        if (!rule.IsChecked)
            return $"not checked: 'lazykick check {scheme}' tells whether it is safe";
        if (rule.Refutation is not { } race)
            return null;
        var meaning = PropertyList.Find(race.Property) is { } property ? $" ({property.Sentence})" : "";
        var knobs = race.Knobs.Length > 0 ? $" {race.Knobs}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"refuted: {race.Property}{meaning} is violated in {race.Moves} moves with {race.Cpus} CPUs, memory "
                + $"{race.Memory}; 'lazykick check {scheme}{knobs}' draws the race"
        );
    }
}
