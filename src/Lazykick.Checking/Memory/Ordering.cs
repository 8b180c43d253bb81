namespace Lazykick.Checking.Memory;

/// <summary>
/// The ordering rules, in one place. <see cref="Blocks"/> answers one question: must this step of the younger instance
/// wait for what is outstanding of the older one? Rule numbers are those of <see cref="OrderingRules"/>.
/// </summary>
public static class Ordering
{
    /// <summary>The number of the rule that makes the younger wait, or 0.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="younger">The instance that wants to take a step.</param>
    /// <param name="step">The step.</param>
    /// <param name="older">An instance before it in program order.</param>
    /// <returns>An index into <see cref="OrderingRules.All"/>, or 0 when the older does not stand in the way.</returns>
    public static int Blocks(RuleSet rules, in Instance younger, AccessStep step, in Instance older)
    {
        var rule = rules.Model switch
        {
            MemoryModel.Arm => Arm(younger, step, older),
            MemoryModel.Tso => Tso(younger, step, older),
            _ => Outstanding(older) ? OrderingRules.S1 : 0,
        };
        return rules.Keeps(rule) ? rule : 0;
    }

    private static bool Outstanding(in Instance older) =>
        older.Kind switch
        {
            InstanceKind.Local => false,
            InstanceKind.Branch => older.Data != Knowledge.Final,
            InstanceKind.Load => older.Progress == Progress.Waiting,
            _ => older.Progress != Progress.Done,
        };

    private static int Tso(in Instance younger, AccessStep step, in Instance older)
    {
        if (!Outstanding(older) || younger.Fence is BarrierKind.DmbLoad or BarrierKind.DmbStore)
            return 0;
        if (step == AccessStep.Read && younger.Kind == InstanceKind.Load)
        {
            return older.Kind switch
            {
                // Maintenance is on its way as a store is (W16).
                InstanceKind.Store or InstanceKind.Clean or InstanceKind.Invalidate => older.Location
                == Instance.UnknownLocation
                    ? OrderingRules.T1
                    : 0,
                InstanceKind.Fence => OrderingRules.T3,
                InstanceKind.Rmw => OrderingRules.T4,
                _ => OrderingRules.T1,
            };
        }

        return younger.Kind switch
        {
            InstanceKind.Fence => OrderingRules.T3,
            InstanceKind.Rmw => OrderingRules.T4,
            InstanceKind.ContextSync => OrderingRules.T5,
            _ => OrderingRules.T2,
        };
    }

    private static int Arm(in Instance younger, AccessStep step, in Instance older) =>
        older.Kind switch
        {
            InstanceKind.Local => 0,
            InstanceKind.Branch => AfterBranch(younger, step, older),
            InstanceKind.Fence when IsSystemRegister(younger) && IsDmb(older.Fence) => 0,
            InstanceKind.Fence => AfterFence(step, older),
            InstanceKind.Clean => AfterClean(younger, step, older),
            InstanceKind.Invalidate => older.Progress != Progress.Done && younger.Fence == BarrierKind.DsbFull
                ? OrderingRules.A4
                : 0,
            InstanceKind.ContextSync => older.Progress != Progress.Done ? OrderingRules.A15 : 0,
            _ => step == AccessStep.Complete ? IntoFence(younger.Fence, older) : AfterAccess(younger, step, older),
        };

    // A DMB, an acquire and a release order accesses to memory only (DDI0487, B2.3 and D13.1.2).
    private static bool IsSystemRegister(in Instance instance) =>
        (instance.Flags & OrderFlags.SystemRegister) != OrderFlags.None;

    private static bool IsDmb(BarrierKind kind) =>
        kind is BarrierKind.DmbFull or BarrierKind.DmbLoad or BarrierKind.DmbStore;

    private static int AfterBranch(in Instance younger, AccessStep step, in Instance older)
    {
        if (older.Data == Knowledge.Final)
            return 0;
        return step switch
        {
            AccessStep.Write or AccessStep.Clean or AccessStep.Invalidate => OrderingRules.A10,
            AccessStep.Synchronise => OrderingRules.A15,
            AccessStep.Read when (younger.Flags & OrderFlags.Device) != OrderFlags.None => OrderingRules.A10,
            _ => 0,
        };
    }

    private static int AfterFence(AccessStep step, in Instance older)
    {
        if (older.Progress == Progress.Done)
            return 0;
        return older.Fence switch
        {
            BarrierKind.DmbFull => step is AccessStep.Read or AccessStep.Write or AccessStep.Clean
                ? OrderingRules.A1
                : 0,
            BarrierKind.DmbLoad => step is AccessStep.Read or AccessStep.Write ? OrderingRules.A2 : 0,
            BarrierKind.DmbStore => step == AccessStep.Write ? OrderingRules.A3 : 0,
            BarrierKind.DsbLoad or BarrierKind.DsbStore => OrderingRules.A5,
            _ => OrderingRules.A4,
        };
    }

    private static int AfterClean(in Instance younger, AccessStep step, in Instance older)
    {
        if (older.Progress == Progress.Done)
            return 0;
        if (step == AccessStep.Complete)
        {
            return younger.Fence switch
            {
                BarrierKind.DmbFull => OrderingRules.A1,
                BarrierKind.DsbFull => OrderingRules.A4,
                _ => 0,
            };
        }

        var sameLine = older.Location >= 0 && older.Location == younger.Location;
        return sameLine && step is (AccessStep.Read or AccessStep.Write or AccessStep.Clean) ? OrderingRules.A14 : 0;
    }

    private static int IntoFence(BarrierKind fence, in Instance older)
    {
        if (IsSystemRegister(older) && IsDmb(fence))
            return 0;
        var orderedRead = older.ReadPending && (older.Flags & OrderFlags.NoReturn) == OrderFlags.None;
        return fence switch
        {
            BarrierKind.DmbFull => older.AccessPending ? OrderingRules.A1 : 0,
            BarrierKind.DmbLoad => orderedRead ? OrderingRules.A2 : 0,
            BarrierKind.DmbStore => older.WritePending ? OrderingRules.A3 : 0,
            BarrierKind.DsbLoad => orderedRead ? OrderingRules.A5 : 0,
            BarrierKind.DsbStore => older.WritePending ? OrderingRules.A5 : 0,
            _ => older.AccessPending ? OrderingRules.A4 : 0,
        };
    }

    private static int AfterAccess(in Instance younger, AccessStep step, in Instance older)
    {
        switch (step)
        {
            case AccessStep.Synchronise:
                return older.Address != Knowledge.Final ? OrderingRules.A15 : 0;
            case AccessStep.Invalidate:
                return 0;
        }

        var sameLine = older.Location >= 0 && older.Location == younger.Location;
        if (step == AccessStep.Clean)
            return sameLine && older.AccessPending ? OrderingRules.A14 : 0;

        // Neither waits for the other, but for two reads of the interrupt controller, which keep their order.
        if (IsSystemRegister(younger) || IsSystemRegister(older))
            return sameLine && older.AccessPending ? OrderingRules.A12 : 0;
        const OrderFlags acquires = OrderFlags.Acquire | OrderFlags.AcquirePc;
        if (older.ReadPending && (older.Flags & acquires) != OrderFlags.None)
            return OrderingRules.A6;
        const OrderFlags both = OrderFlags.Acquire | OrderFlags.Release;
        if (older.Kind == InstanceKind.Rmw && older.WritePending && (older.Flags & both) == both)
            return OrderingRules.A9;
        if (step == AccessStep.Read)
        {
            if (sameLine && older.AccessPending && (younger.Flags & OrderFlags.Device) != OrderFlags.None)
            {
                return OrderingRules.A12;
            }

            var releaseFirst = older.WritePending && (older.Flags & OrderFlags.Release) != OrderFlags.None;
            return releaseFirst && (younger.Flags & OrderFlags.Acquire) != OrderFlags.None ? OrderingRules.A8 : 0;
        }

        if (older.AccessPending && (younger.Flags & OrderFlags.Release) != OrderFlags.None)
            return OrderingRules.A7;
        if (older.Address != Knowledge.Final)
            return OrderingRules.A11;
        return sameLine && older.AccessPending ? OrderingRules.A12 : 0;
    }
}
