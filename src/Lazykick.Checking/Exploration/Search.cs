using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Exploration;

/// <summary>Picks the machine, with windows or without, and the search for the size of a state.</summary>
internal static class Search
{
    public static Space Run(CompiledScheme scheme, SearchLimits limits, Action<SearchProgress>? progress, CancellationToken cancellation)
        => scheme.Fields.Layout.Words switch
        {
            <= 1 => Run<Word>(scheme, limits, progress, cancellation),
            2 => Run<Pair<Word>>(scheme, limits, progress, cancellation),
            <= 4 => Run<Pair<Pair<Word>>>(scheme, limits, progress, cancellation),
            <= 8 => Run<Pair<Pair<Pair<Word>>>>(scheme, limits, progress, cancellation),
            var words => throw new NotSupportedException($"a state takes {words} words of 64 bits; at most 8 are supported"),
        };

    private static Space Run<T>(CompiledScheme scheme, SearchLimits limits, Action<SearchProgress>? progress, CancellationToken cancellation)
        where T : unmanaged, IPacked<T>
    {
        Machine<T> machine = scheme.Windows.Count == 0 ? new StrongMachine<T>(scheme) : new Weak.WeakMachine<T>(scheme);
        return new SchemeSearch<T>(machine, new SearchControl(limits, progress, cancellation)).Run();
    }
}
