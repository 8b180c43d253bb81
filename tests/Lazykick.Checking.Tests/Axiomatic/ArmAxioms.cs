namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// The locally-ordered-before of the Armv8 model in its classic formulation (DDI0487 B2.3; Pulte et al., POPL 2018),
/// for data
/// accesses, barriers and ISB.
/// </summary>
internal static class ArmAxioms
{
    internal static Relation LocallyOrdered(Candidate candidate)
    {
        var events = candidate.Events;
        var order = new Relation(events.Count);
        for (var a = 0; a < events.Count; a++)
        {
            for (var b = a + 1; b < events.Count; b++)
            {
                if (
                    candidate.ProgramOrder(a, b)
                    && (BarrierOrdered(candidate, a, b) || DependencyOrdered(candidate, a, b))
                )
                {
                    order.Add(a, b);
                }
            }
        }

        foreach (var (read, write) in candidate.Pairs)
            order.Add(read, write);
        return order;
    }

    /// <summary>
    /// Order that comes with reading a write of one's own thread: (addr | data); rfi, and rmw; rfi into an acquire.
    /// Where an
    /// atomic computes what it writes from what it read, that is data, too: the formal model counts it in a dependency
    /// (its
    /// dtrm goes through iico_data and memory), and no machine without value prediction can do otherwise.
    /// </summary>
    internal static void AddInternalReads(Candidate candidate, int[] readsFrom, Relation order)
    {
        var events = candidate.Events;
        for (var read = 0; read < events.Count; read++)
        {
            var write = readsFrom[read];
            if (write < 0 || events[write].Thread != events[read].Thread)
                continue;
            foreach (var source in candidate.Sources[write])
                order.Add(source, read);
            if (events[write].Op!.Kind is OpKind.Add or OpKind.AddNoReturn)
                order.Add(candidate.Pairs.Find(p => p.Write == write).Read, read);
            if ((events[read].Acquire || events[read].AcquirePc) && candidate.Pairs.Exists(p => p.Write == write))
                order.Add(write, read);
        }
    }

    private static bool BarrierOrdered(Candidate candidate, int a, int b)
    {
        var events = candidate.Events;
        Event first = events[a],
            second = events[b];
        if (first.Acquire || first.AcquirePc || second.Release)
            return true;
        if (first.Release && second.Acquire)
            return true;
        if (first is { IsWrite: true, IsAtomic: true, Op: { Acquire: true, Release: true, LlSc: false } })
            return true;
        if (second.IsWrite && first.Location == second.Location)
            return true;
        var ops = candidate.Program.Threads[first.Thread];
        for (var position = first.Position + 1; position < second.Position; position++)
        {
            var fence = ops[position];
            if (fence.Kind != OpKind.Fence || candidate.IsSkipped(first.Thread, position))
                continue;
            var ordered = fence.Fence switch
            {
                "DMB SY" or "DSB SY" => true,
                "DMB LD" or "DSB LD" => !first.IsWrite && first.Op!.Kind != OpKind.AddNoReturn,
                "DMB ST" => first.IsWrite && second.IsWrite,
                _ => first.IsWrite,
            };
            if (ordered)
                return true;
        }

        return false;
    }

    private static bool DependencyOrdered(Candidate candidate, int a, int b)
    {
        var events = candidate.Events;
        if (events[a].IsWrite)
            return false;
        if (candidate.Sources[b].Contains(a))
            return true;
        var ops = candidate.Program.Threads[events[a].Thread];
        for (var position = 0; position <= events[b].Position; position++)
        {
            var isTest =
                ops[position].When >= 0 && candidate.Source(events[a].Thread, ops[position].When, position).Read == a;
            if (
                !isTest
                && (position == events[b].Position || !BranchesOrAddresses(candidate, a, ops[position], position))
            )
            {
                continue;
            }

            if (events[b].IsWrite)
                return true;
            for (var isb = position + 1; isb < events[b].Position; isb++)
            {
                if (ops[isb].Kind == OpKind.Isb)
                    return true;
            }
        }

        return false;
    }

    private static bool BranchesOrAddresses(Candidate candidate, int read, Op op, int position)
    {
        var thread = candidate.Events[read].Thread;
        return (op.BranchesOnRead && candidate.Events[read].Position == position)
            || (op.Kind == OpKind.Branch && candidate.Source(thread, op.DataFrom, position).Read == read)
            || (op.AddressFrom >= 0 && candidate.Source(thread, op.AddressFrom, position).Read == read);
    }
}
