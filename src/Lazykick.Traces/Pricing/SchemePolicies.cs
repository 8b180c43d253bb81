using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Pricing;

/// <summary>From schemes to the rules that a trace is priced with.</summary>
public static class SchemePolicies
{
    // Their pages say so: one counts for a claim, one moves a barrier through all its places.
    private static readonly string[] s_demonstrations = ["collapse", "isb-position"];

    // What a scheme calls the kick that it does without altogether (jump-label).
    private const string Nothing = "nothing";

    /// <summary>
    /// The rules of the catalogue that fit an architecture and skip anybody, without those of schemes that only
    /// demonstrate something.
    /// </summary>
    /// <param name="machine">The traced machine as uname names it; null for any.</param>
    /// <param name="isPromised">Whether a scheme promises a property: what it does not, cannot refute it.</param>
    public static IReadOnlyList<SkipRule> OfCatalogue(string? machine, Func<Scheme, string, bool> isPromised)
    {
        var arch = ArchOf(machine);
        var rules = new List<SkipRule>();
        foreach (var name in Catalogue.Instance.Names.Except(s_demonstrations, StringComparer.Ordinal))
        {
            if (SchemeLoader.FromCatalogue(name) is { IsBase: false } scheme && (arch is null || scheme.Arch == arch))
                rules.AddRange(Of(scheme, Catalogue.Instance.Read(name + ".expected"), isPromised));
        }

        return rules;
    }

    /// <summary>One rule for each policy of a scheme that skips somebody on a trace.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="expectations">Its <c>.expected</c> file, or null if there is none.</param>
    /// <param name="isPromised">Whether a scheme promises a property: what it does not, cannot refute it.</param>
    public static IReadOnlyList<SkipRule> Of(
        Scheme scheme,
        SourceText? expectations,
        Func<Scheme, string, bool> isPromised
    )
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(isPromised);
        var skipping = scheme.Policies.Values.Where(SkipsSomebody).ToList();
        var refutation = expectations is null ? null : SchemeVerdicts.RefutationOf(scheme, expectations, isPromised);
        return
        [
            .. skipping.Select(policy => new SkipRule(
                skipping.Count == 1 ? scheme.Name : $"{scheme.Name}/{policy.Name}",
                policy.Serves.Select(static token => token.Text),
                state => Holds(policy.TraceSkip!, state)
            )
            {
                Arch = scheme.Arch,
                IsChecked = expectations is not null,
                Refutation = refutation,
            }),
        ];
    }

    /// <summary>
    /// What of a scheme no trace can be priced with: policies that skip somebody but serve a kick that no function of
    /// the table asks for.
    /// </summary>
    /// <param name="scheme">The scheme.</param>
    /// <returns>A sentence for each such kick.</returns>
    public static IReadOnlyList<string> NotPriced(Scheme scheme)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        var known = FunctionTable
            .Default.Rows.Values.Where(static row => row.Deferrability != Deferrability.Never)
            .Select(static row => row.KickClass)
            .Append(Nothing)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from policy in scheme.Policies.Values.Where(SkipsSomebody)
            from kick in policy.Serves
            where !known.Contains(kick.Text)
            select $"policy {policy.Name} serves {kick.Text}, which no function of report's table asks for: report "
                + "cannot "
                + "price it unless a row of --functions names that class",
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

    private static bool SkipsSomebody(PolicyDeclaration policy) =>
        policy.TraceSkip is { } condition
        && Enum.GetValues<CpuState>().Any(state => state != CpuState.Unknown && Holds(condition, state));

    private static string? ArchOf(string? machine) =>
        machine switch
        {
            "aarch64" or "arm64" => "arm64",
            "x86_64" or "amd64" => "x86_64",
            "ppc64le" or "ppc64" => "powerpc",
            _ => null,
        };
}
