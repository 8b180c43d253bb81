using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Exploration;

/// <summary>Picks the search that fits the size of a state.</summary>
internal static class Search
{
    public static Space Run(CompiledScheme scheme, SearchLimits limits, Action<SearchProgress>? progress, CancellationToken cancellation)
        => scheme.Fields.Layout.Words switch
        {
            <= 1 => Explorer<Word>.Run(scheme, limits, progress, cancellation),
            2 => Explorer<Pair<Word>>.Run(scheme, limits, progress, cancellation),
            <= 4 => Explorer<Pair<Pair<Word>>>.Run(scheme, limits, progress, cancellation),
            <= 8 => Explorer<Pair<Pair<Pair<Word>>>>.Run(scheme, limits, progress, cancellation),
            var words => throw new NotSupportedException($"a state takes {words} words of 64 bits; at most 8 are supported"),
        };
}
