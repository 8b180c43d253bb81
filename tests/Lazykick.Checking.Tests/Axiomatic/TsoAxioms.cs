namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// x86-TSO (Owens, Sarkar, Sewell, TPHOLs 2009): program order but from a write to a later read, unless a fence or a
/// locked operation is there.
/// </summary>
internal static class TsoAxioms
{
    internal static Relation LocallyOrdered(Candidate candidate)
    {
        var events = candidate.Events;
        var order = new Relation(events.Count);
        for (var a = 0; a < events.Count; a++)
        {
            for (var b = a + 1; b < events.Count; b++)
            {
                if (candidate.ProgramOrder(a, b) && Ordered(candidate, a, b))
                    order.Add(a, b);
            }
        }

        return order;
    }

    // LFENCE and SFENCE order nothing that is not ordered; what synchronises the context drains the store buffer (Intel
    // SDM 3A 8.3).
    private static bool IsFull(Op op) =>
        op is { Kind: OpKind.Isb } or { Kind: OpKind.Fence, Fence: "mfence" or "DMB SY" or "DSB SY" };

    private static bool Ordered(Candidate candidate, int a, int b)
    {
        Event first = candidate.Events[a],
            second = candidate.Events[b];
        if (!first.IsWrite || second.IsWrite || first.IsAtomic || second.IsAtomic)
            return true;
        return candidate
            .Program.Threads[first.Thread]
            .Skip(first.Position)
            .Take(second.Position - first.Position)
            .Any(IsFull);
    }
}
