namespace Lazykick.Traces;

/// <summary>
/// The decisions of all schemes at once, one bit per scheme and <see cref="SkipVariant"/>, by class of function and
/// state of the target: pricing twenty schemes costs a look-up a kick.
/// </summary>
internal sealed class SkipTable
{
    public const int Variants = 3;

    /// <summary>Schemes that fit into the bits of a word.</summary>
    public const int MostRules = 64 / Variants;

    private readonly IReadOnlyList<SkipRule> _rules;
    private readonly Dictionary<(Deferrability, string), int> _classes = [];
    private readonly List<ulong[]> _masks = [];
    private readonly List<ulong> _served = [];

    public SkipTable(IReadOnlyList<SkipRule> rules)
    {
        if (rules.Count > MostRules)
            throw new ArgumentException($"at most {MostRules} schemes can be priced at once", nameof(rules));
        _rules = rules;
        for (var rule = 0; rule < rules.Count; rule++)
            FewestMask |= Bit(rule, SkipVariant.Fewest);
        NoFunction = Class(Deferrability.Unknown, "");
        NotListed = Add(static (_, _) => false);
    }

    public int Bits => _rules.Count * Variants;

    /// <summary>The bits of all schemes in all variants.</summary>
    public ulong All => Bits == 0 ? 0 : ~0UL >> (64 - Bits);

    /// <summary>The bits of <see cref="SkipVariant.Fewest"/>.</summary>
    public ulong FewestMask { get; }

    /// <summary>The class of a kick whose function the trace does not tell.</summary>
    public int NoFunction { get; }

    /// <summary>The class of a function that is known by name but not listed: no scheme serves it.</summary>
    public int NotListed { get; }

    public static ulong Bit(int rule, SkipVariant variant) => 1UL << ((rule * Variants) + (int)variant);

    /// <summary>Number of the class of a function.</summary>
    public int Class(Deferrability deferrability, string kickClass)
    {
        if (_classes.TryGetValue((deferrability, kickClass), out var known))
            return known;
        var index = Add(
            (rule, variant) =>
                deferrability switch
                {
                    Deferrability.Deferrable => rule.CanServe(kickClass),
                    Deferrability.Unknown => variant == SkipVariant.Most
                        && (kickClass.Length == 0 || rule.CanServe(kickClass)),
                    _ => false,
                }
        );
        _classes[(deferrability, kickClass)] = index;
        return index;
    }

    /// <summary>Bits of the schemes that leave out a target in this state.</summary>
    public ulong Mask(int kickClass, CpuState state) => _masks[kickClass][(int)state];

    /// <summary>Bits of the schemes that serve this class, in whatever state.</summary>
    public ulong Served(int kickClass) => _served[kickClass];

    private int Add(Func<SkipRule, SkipVariant, bool> serves)
    {
        var masks = new ulong[CpuStates.Count];
        ulong served = 0;
        for (var index = 0; index < _rules.Count; index++)
        {
            var rule = _rules[index];
            foreach (var variant in Enum.GetValues<SkipVariant>())
            {
                if (!serves(rule, variant))
                    continue;
                served |= Bit(index, variant);
                foreach (var state in rule.Skips)
                    masks[(int)state] |= Bit(index, variant);
                if (variant == SkipVariant.Most && rule.Skips.Count > 0)
                    masks[(int)CpuState.Unknown] |= Bit(index, variant);
            }
        }

        _masks.Add(masks);
        _served.Add(served);
        return _masks.Count - 1;
    }
}
