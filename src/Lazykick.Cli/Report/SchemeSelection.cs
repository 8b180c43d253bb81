using Lazykick.Checking.Properties;
using Lazykick.Cli.Checking;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;
using Lazykick.Traces;
using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Report;

/// <summary>The schemes that a call asks to price.</summary>
internal static class SchemeSelection
{
    /// <summary>The rules of the schemes that were asked for, or null after saying what was wrong.</summary>
    /// <param name="asked">
    /// Names of the catalogue or paths of files, separated by commas; <c>none</c>.
    /// </param>
    /// <param name="errors">Where to say what was wrong.</param>
    public static IReadOnlyList<SkipRule>? Load(string asked, TextWriter errors)
    {
        const StringSplitOptions trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var rules = new List<SkipRule>();
        foreach (var name in asked == "none" ? [] : asked.Split(',', trimmed))
        {
            if (SchemeArgument.Load(name, errors) is not { } scheme)
                return null;
            if (scheme.IsBase)
            {
                errors.WriteLine(
                    $"lazykick: '{scheme.Name}' is a base that schemes include; it has no policy to price"
                );
                return null;
            }

            var own = SchemePolicies.Of(scheme, ExpectationsOf(name), PropertyList.IsPromised);
            rules.AddRange(own.Count > 0 ? own : [new SkipRule(scheme.Name, [], static _ => false)]);
        }

        var policies = rules.Select(static rule => rule.Policy).Distinct(StringComparer.Ordinal).Count();
        if (policies <= AnalysisOptions.MostPolicies)
            return rules;
        errors.WriteLine(
            $"lazykick: {policies} different policies asked for; at most {AnalysisOptions.MostPolicies} can be priced "
                + "at once"
        );
        return null;
    }

    private static SourceText? ExpectationsOf(string name)
    {
        if (!name.EndsWith(".kick", StringComparison.Ordinal))
            return Catalogue.Instance.Read(name + ".expected");
        var path = Path.ChangeExtension(name, ".expected");
        try
        {
            return File.Exists(path) ? new SourceText(path, File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // as if it were not there: the scheme counts as not checked
        }
    }
}
