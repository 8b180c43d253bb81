namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// Sequential consistency (Lamport 1979): program order and communication have no cycle, atomics have no gap.
/// </summary>
internal sealed class ScModel(EffectGraph graph) : IModel
{
    private readonly EventSet _accesses = graph.Where(e => e.IsRead || e.IsWrite);
    private readonly Relation _rmw = graph.Edges([.. graph.AtomicPairs, .. graph.ExclusivePairs]);

    public bool Admits(Execution execution)
    {
        var po = graph.ProgramOrder.From(_accesses).To(_accesses);
        return (_rmw & execution.FromReads.Then(execution.Coherence)).IsEmpty
            && (po | _rmw | execution.ReadsFrom | execution.FromReads | execution.Coherence).Closure().IsIrreflexive;
    }
}
