using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>Finds the loops around exclusive pairs whose failed turns change nothing.</summary>
/// <remarks>
/// A store-exclusive may fail at will, and each failure adds a turn of its loop to what is in flight. Where a turn only
/// reads, and computes from registers that it leaves as they were, an execution with failed turns stays one without
/// them: the reads that are left out ordered other accesses and made no other difference, and the last turn computes
/// the same. So only successes need to be looked at.
/// </remarks>
internal static class RetryLoops
{
    /// <summary>Marks the store-exclusives of such loops.</summary>
    /// <param name="code">The code, branches resolved.</param>
    /// <param name="written">Places that may be written: a loop there is not what it seems.</param>
    internal static void Mark(List<LitmusInstruction> code, SortedSet<int> written)
    {
        if (code.Exists(i => i.IsIndirect))
            return;
        for (var i = 0; i + 1 < code.Count; i++)
        {
            if (IsRetried(code, i, written))
                code[i] = code[i] with { IsRetried = true };
        }
    }

    private static bool IsRetried(List<LitmusInstruction> code, int store, SortedSet<int> written)
    {
        var (exclusive, back) = (code[store], code[store + 1]);
        if (
            exclusive.Operation != Operation.StoreExclusive
            || exclusive.Destination == Registers.None
            || exclusive.WriteBack != 0
            || back.Operation != Operation.BranchIfNotZero
            || back.Left.Register != exclusive.Destination
            || back.Target < 0
            || back.Target >= store
        )
        {
            return false;
        }

        var head = back.Target;
        var body = code.GetRange(head, store - head);
        return body.TrueForAll(i => OnlyReads(i, head, store))
            && body.FindLast(i => (i.Flags & OrderFlags.Exclusive) != OrderFlags.None) is { Operation: Operation.Load }
            && !written.Any(w => w >= head && w <= store + 1)
            && !Enumerable.Range(0, code.Count).Any(i => EntersMiddle(code[i], head, store))
            && KeepsItsInputs([.. body, exclusive]);
    }

    private static bool OnlyReads(LitmusInstruction instruction, int head, int store) =>
        instruction.WriteBack == 0
        && (
            instruction.Operation is Operation.Nop or (>= Operation.Move and <= Operation.Load)
            || (instruction.IsConditionalBranch && (instruction.Target <= head || instruction.Target > store + 1))
        );

    private static bool EntersMiddle(LitmusInstruction instruction, int head, int store) =>
        instruction.Target > head && instruction.Target <= store + 1;

    // Nothing that a turn reads from registers has been changed by the turn before it.
    private static bool KeepsItsInputs(List<LitmusInstruction> turn)
    {
        var changed = turn.SelectMany(Results).ToHashSet();
        var known = new HashSet<int>();
        foreach (var instruction in turn)
        {
            if (Sources(instruction).Any(r => changed.Contains(r) && !known.Contains(r)))
                return false;
            known.UnionWith(Results(instruction));
        }

        return true;
    }

    private static IEnumerable<int> Results(LitmusInstruction instruction)
    {
        if (instruction.Destination != Registers.None)
            yield return instruction.Destination;
        if (instruction.SetsFlags)
            yield return Registers.Flags;
    }

    private static IEnumerable<int> Sources(LitmusInstruction instruction)
    {
        Operand[] operands = [instruction.Left, instruction.Right, instruction.Base, instruction.Index];
        foreach (var operand in operands.Where(o => o.IsRegister))
            yield return operand.Register;
        if (instruction.Operation is Operation.Select or Operation.BranchIf)
            yield return Registers.Flags;
    }
}
