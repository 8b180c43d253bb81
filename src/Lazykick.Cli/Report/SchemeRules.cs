using Lazykick.Cli.Checking;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;
using Lazykick.Traces;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>
/// From the policies of schemes to the rules that a trace is priced with: one definition serves <c>check</c> and
/// <c>report</c>.
/// </summary>
internal static class SchemeRules
{
    /// <summary>The rules of the schemes that were asked for, or null after saying what was wrong.</summary>
    /// <param name="asked">Names of the catalogue or paths of files, separated by commas; <c>none</c>; null for every
    /// scheme of the catalogue that skips anybody.</param>
    /// <param name="functions">The classes that kicks can have.</param>
    /// <param name="errors">Where to say what was wrong.</param>
    public static IReadOnlyList<SkipRule>? Load(string? asked, FunctionTable functions, TextWriter errors)
    {
        if (asked is null)
            return [.. DefaultRules(functions).Take(AnalysisOptions.MostSchemes)];
        var rules = new List<SkipRule>();
        foreach (
            var name in asked == "none"
                ? []
                : asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
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

            var own = RulesOf(scheme, ExpectationsOf(name));
            rules.AddRange(
                own.Count > 0
                    ? own
                    :
                    [
                        new SkipRule(
                            scheme.Name,
                            [],
                            static _ => false,
                            "it skips nobody: what it leaves is the trace as it is"
                        ),
                    ]
            );
        }

        if (rules.Count <= AnalysisOptions.MostSchemes)
            return rules;
        errors.WriteLine(
            $"lazykick: {rules.Count} policies asked for; at most {AnalysisOptions.MostSchemes} can be priced at once"
        );
        return null;
    }

    private static IEnumerable<SkipRule> DefaultRules(FunctionTable functions)
    {
        var classes = functions.Rows.Values.Select(static row => row.KickClass).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Catalogue.Instance.Names)
        {
            if (SchemeLoader.FromCatalogue(name) is not { IsBase: false } scheme)
                continue;
            foreach (var rule in RulesOf(scheme, ExpectationsOf(name)))
            {
                if (rule.Serves.Any(classes.Contains))
                    yield return rule;
            }
        }
    }

    /// <summary>One rule for each policy that skips somebody on a trace.</summary>
    internal static IReadOnlyList<SkipRule> RulesOf(Scheme scheme, SourceText? expectations)
    {
        var skipping = scheme
            .Policies.Values.Where(static policy =>
                policy.TraceSkip is not null
                && Enum.GetValues<CpuState>().Any(state => state != CpuState.Unknown && Holds(policy.TraceSkip, state))
            )
            .ToList();
        var warning = SchemeVerdicts.WarningOf(scheme, expectations);
        return
        [
            .. skipping.Select(policy => new SkipRule(
                skipping.Count == 1 ? scheme.Name : $"{scheme.Name}/{policy.Name}",
                policy.Serves.Select(static token => token.Text),
                state => Holds(policy.TraceSkip!, state),
                warning
            )),
        ];
    }

    /// <summary>
    /// Whether a condition over the named states of <c>trace skip when</c> holds for a CPU in a state.
    /// </summary>
    internal static bool Holds(Expression condition, CpuState state) =>
        condition switch
        {
            NumberExpression number => number.Value != 0,
            NotExpression not => !Holds(not.Operand, state),
            BinaryExpression { Operator: BinaryOperator.And } both => Holds(both.Left, state)
                && Holds(both.Right, state),
            BinaryExpression either => Holds(either.Left, state) || Holds(either.Right, state),
            NameExpression name => name.Name switch
            {
                "user" => state is CpuState.User or CpuState.UserEqs,
                "user_eqs" => state == CpuState.UserEqs,
                "idle" => state == CpuState.Idle,
                "guest" => state == CpuState.Guest,
                "kernel" => state == CpuState.Kernel,
                _ => false,
            },
            _ => false,
        };

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
