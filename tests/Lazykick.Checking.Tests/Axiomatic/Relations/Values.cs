namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// The values of a candidate execution, computed on demand from which write each read takes its value from.
/// </summary>
internal sealed class Values(EffectGraph graph, int[] readsFrom)
{
    private readonly int?[] _known = new int?[graph.Effects.Count];
    private readonly bool[] _open = new bool[graph.Effects.Count];

    /// <summary>
    /// What an effect reads or writes; null for a value that would come out of thin air, which no consistent execution
    /// has.
    /// </summary>
    internal int? this[int effect]
    {
        get
        {
            if (_known[effect] is { } known)
                return known;
            if (_open[effect])
                return null;
            _open[effect] = true;
            var value = graph.Effects[effect].Written is { } written ? written(this) : this[readsFrom[effect]];
            _open[effect] = false;
            return _known[effect] = value;
        }
    }
}
