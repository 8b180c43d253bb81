namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// x86-TSO as x86tso.cat has it (Owens, Sarkar, Sewell, TPHOLs 2009): uniproc, atomicity, and an acyclic global order
/// of ppo, fences, implied barriers, rfe, fr and co. What synchronises the context drains the store buffer (Intel SDM
/// vol. 3A, 9.3 in the numbering of 2023, earlier 8.3). LFENCE and SFENCE order nothing more among ordinary accesses.
/// </summary>
internal sealed class TsoModel(EffectGraph graph) : IModel
{
    private readonly EventSet _reads = graph.Where(e => e.IsRead);
    private readonly EventSet _writes = graph.Where(e => e.IsWrite);
    private readonly EventSet _atomic = graph.Where(e => e.Atomic);
    private readonly EventSet _fences = graph.Where(e =>
        e.Kind == EffectKind.ContextSync || e.Fence is "mfence" or "DMB SY" or "DSB SY"
    );
    private readonly Relation _rmw = graph.Edges([.. graph.AtomicPairs, .. graph.ExclusivePairs]);
    private readonly Relation _outside = Relation.Where(
        graph.Size,
        (a, b) => graph.Effects[a].Thread != graph.Effects[b].Thread
    );
    private readonly Relation _po = graph.ProgramOrder;

    public bool Admits(Execution execution)
    {
        var (rf, fr, co) = (execution.ReadsFrom, execution.FromReads, execution.Coherence);
        var accesses = _reads | _writes;
        var poLoc = (_po & graph.SameLocation).From(accesses).To(accesses);
        if (!(poLoc | _rmw | rf | fr | co).Closure().IsIrreflexive)
            return false;
        if (!(_rmw & (fr & _outside).Then(co & _outside)).IsEmpty)
            return false;
        var poGhb = _po.From(_writes).To(_writes) | _po.From(_reads).To(accesses);
        var fenced = _po.From(accesses).To(_fences).Then(_po.To(accesses));
        var poWR = _po.From(_writes).To(_reads);
        var implied = poWR.To(_atomic) | poWR.From(_atomic);
        return (poGhb | fenced | implied | (rf & _outside) | fr | co).Closure().IsIrreflexive;
    }
}
