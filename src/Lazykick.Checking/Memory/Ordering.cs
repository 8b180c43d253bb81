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
    public static int Blocks(RuleSet rules, in Instance younger, Step step, in Instance older)
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

    private static int Tso(in Instance younger, Step step, in Instance older)
    {
        if (!Outstanding(older) || younger.Fence is FenceKind.DmbLoad or FenceKind.DmbStore)
            return 0;
        if (step == Step.Read && younger.Kind == InstanceKind.Load)
        {
            return older.Kind switch
            {
                InstanceKind.Store => older.Location == Instance.UnknownLocation ? OrderingRules.T1 : 0,
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

    private static int Arm(in Instance younger, Step step, in Instance older) =>
        older.Kind switch
        {
            InstanceKind.Local => 0,
            InstanceKind.Branch => AfterBranch(younger, step, older),
            InstanceKind.Fence => AfterFence(step, older),
            InstanceKind.Clean => AfterClean(younger, step, older),
            InstanceKind.Invalidate => older.Progress != Progress.Done && younger.Fence == FenceKind.DsbFull
                ? OrderingRules.A4
                : 0,
            InstanceKind.ContextSync => older.Progress != Progress.Done ? OrderingRules.A15 : 0,
            _ => step == Step.Complete ? IntoFence(younger.Fence, older) : AfterAccess(younger, step, older),
        };

    private static int AfterBranch(in Instance younger, Step step, in Instance older)
    {
        if (older.Data == Knowledge.Final)
            return 0;
        return step switch
        {
            Step.Write or Step.Clean or Step.Invalidate => OrderingRules.A10,
            Step.Synchronise => OrderingRules.A15,
            Step.Read when (younger.Flags & OrderFlags.Device) != OrderFlags.None => OrderingRules.A10,
            _ => 0,
        };
    }

    private static int AfterFence(Step step, in Instance older)
    {
        if (older.Progress == Progress.Done)
            return 0;
        return older.Fence switch
        {
            FenceKind.DmbFull => step is Step.Read or Step.Write or Step.Clean ? OrderingRules.A1 : 0,
            FenceKind.DmbLoad => step is Step.Read or Step.Write ? OrderingRules.A2 : 0,
            FenceKind.DmbStore => step == Step.Write ? OrderingRules.A3 : 0,
            FenceKind.DsbLoad or FenceKind.DsbStore => OrderingRules.A5,
            _ => OrderingRules.A4,
        };
    }

    private static int AfterClean(in Instance younger, Step step, in Instance older)
    {
        if (older.Progress == Progress.Done)
            return 0;
        if (step == Step.Complete)
        {
            return younger.Fence switch
            {
                FenceKind.DmbFull => OrderingRules.A1,
                FenceKind.DsbFull => OrderingRules.A4,
                _ => 0,
            };
        }

        var sameLine = older.Location >= 0 && older.Location == younger.Location;
        return sameLine && step is (Step.Read or Step.Write or Step.Clean) ? OrderingRules.A14 : 0;
    }

    private static int IntoFence(FenceKind fence, in Instance older)
    {
        var orderedRead = older.ReadPending && (older.Flags & OrderFlags.NoReturn) == OrderFlags.None;
        return fence switch
        {
            FenceKind.DmbFull => older.AccessPending ? OrderingRules.A1 : 0,
            FenceKind.DmbLoad => orderedRead ? OrderingRules.A2 : 0,
            FenceKind.DmbStore => older.WritePending ? OrderingRules.A3 : 0,
            FenceKind.DsbLoad => orderedRead ? OrderingRules.A5 : 0,
            FenceKind.DsbStore => older.WritePending ? OrderingRules.A5 : 0,
            _ => older.AccessPending ? OrderingRules.A4 : 0,
        };
    }

    private static int AfterAccess(in Instance younger, Step step, in Instance older)
    {
        switch (step)
        {
            case Step.Synchronise:
                return older.Address != Knowledge.Final ? OrderingRules.A15 : 0;
            case Step.Invalidate:
                return 0;
        }

        var sameLine = older.Location >= 0 && older.Location == younger.Location;
        if (step == Step.Clean)
            return sameLine && older.AccessPending ? OrderingRules.A14 : 0;

        const OrderFlags acquires = OrderFlags.Acquire | OrderFlags.AcquirePc;
        if (older.ReadPending && (older.Flags & acquires) != OrderFlags.None)
            return OrderingRules.A6;
        const OrderFlags both = OrderFlags.Acquire | OrderFlags.Release;
        if (older.Kind == InstanceKind.Rmw && older.WritePending && (older.Flags & both) == both)
            return OrderingRules.A9;
        if (step == Step.Read)
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
