namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// A graph with a choice of which write each read takes its value from and of the order of writes to a location.
/// </summary>
internal sealed class Execution
{
    internal Execution(EffectGraph graph, int[] readsFrom, int[] rank)
    {
        ReadsFrom = new Relation(graph.Size);
        FromReads = new Relation(graph.Size);
        Coherence = new Relation(graph.Size);
        for (var a = 0; a < graph.Size; a++)
        {
            if (graph.Effects[a].IsRead)
                ReadsFrom.Add(readsFrom[a], a);
            for (var b = 0; b < graph.Size; b++)
            {
                if (!graph.Effects[b].IsWrite || graph.Effects[a].Location != graph.Effects[b].Location)
                    continue;
                if (graph.Effects[a].IsWrite && rank[a] < rank[b])
                    Coherence.Add(a, b);
                else if (graph.Effects[a].IsRead && rank[readsFrom[a]] < rank[b])
                    FromReads.Add(a, b);
            }
        }
    }

    /// <summary>rf</summary>
    internal Relation ReadsFrom { get; }

    /// <summary>fr</summary>
    internal Relation FromReads { get; }

    /// <summary>co</summary>
    internal Relation Coherence { get; }
}
