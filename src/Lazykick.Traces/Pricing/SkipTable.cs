using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Pricing;

/// <summary>
/// The decisions of all schemes at once, one bit per policy and <see cref="SkipVariant"/>, by class of function and
/// state of the target: pricing twenty schemes costs a look-up a kick.
/// </summary>
internal sealed class SkipTable
{
    public const int Variants = 3;

    /// <summary>Different policies that fit into the bits of a word.</summary>
    public const int MostPolicies = 64 / Variants;

    // One rule stands for all of its policy.
    private readonly List<SkipRule> _rules = [];
    private readonly List<Row?> _rows = [];

    public SkipTable(IReadOnlyList<SkipRule> rules)
    {
        foreach (var policy in rules.GroupBy(static rule => rule.Policy, StringComparer.Ordinal))
            _rules.Add(policy.First());
        if (_rules.Count > MostPolicies)
            throw new ArgumentException($"at most {MostPolicies} policies can be priced at once", nameof(rules));
        for (var rule = 0; rule < _rules.Count; rule++)
        {
            FewestMask |= Bit(rule, SkipVariant.Fewest);
            MostMask |= Bit(rule, SkipVariant.Most);
        }
    }

    public int Bits => _rules.Count * Variants;

    /// <summary>The bits of all schemes in all variants.</summary>
    public ulong All => Bits == 0 ? 0 : ~0UL >> (64 - Bits);

    /// <summary>The bits of <see cref="SkipVariant.Fewest"/>.</summary>
    public ulong FewestMask { get; }

    /// <summary>The bits of <see cref="SkipVariant.Most"/>.</summary>
    public ulong MostMask { get; }

    /// <summary>The number under which the policy of a rule is priced.</summary>
    public int PolicyOf(SkipRule rule) => _rules.FindIndex(known => known.Policy == rule.Policy);

    public static ulong Bit(int rule, SkipVariant variant) => 1UL << ((rule * Variants) + (int)variant);

    /// <summary>Bits of the schemes that leave out a target in this state.</summary>
    public ulong Mask(FunctionClass function, CpuState state) => RowOf(function).Masks[(int)state];

    /// <summary>Bits of the schemes that serve this function, in whatever state.</summary>
    public ulong Served(FunctionClass function) => RowOf(function).Served;

    private Row RowOf(FunctionClass function)
    {
        while (_rows.Count <= function.Index)
            _rows.Add(null);
        return _rows[function.Index] ??= NewRow(function);
    }

    private Row NewRow(FunctionClass function)
    {
        var masks = new ulong[CpuStates.Count];
        ulong served = 0;
        for (var index = 0; index < _rules.Count; index++)
        {
            var rule = _rules[index];
            foreach (var variant in Enum.GetValues<SkipVariant>())
            {
                if (!Serves(rule, function, variant))
                    continue;
                served |= Bit(index, variant);
                foreach (var state in rule.Skips)
                    masks[(int)state] |= Bit(index, variant);
                if (variant == SkipVariant.Most && rule.Skips.Count > 0)
                    masks[(int)CpuState.Unknown] |= Bit(index, variant);
            }
        }

        return new Row(masks, served);
    }

    /// <summary>A function that no table lists is served by nobody; one that is not told may be any.</summary>
    private static bool Serves(SkipRule rule, FunctionClass function, SkipVariant variant) =>
        function.KickClass is { } kickClass
        && function.Deferrability switch
        {
            Deferrability.Deferrable => rule.CanServe(kickClass),
            Deferrability.Unknown => variant == SkipVariant.Most && (kickClass.Length == 0 || rule.CanServe(kickClass)),
            _ => false,
        };

    private sealed record Row(ulong[] Masks, ulong Served);
}
