namespace Lazykick.Checking.Memory;

/// <summary>
/// What the instances of one CPU's window, oldest first, may do. The caller keeps the state and the values; a method
/// here answers whether a step is possible or what another CPU's step means for this window.
/// </summary>
public static class Window
{
    /// <summary>The value comes from memory, not from an older store of the same CPU.</summary>
    public const int FromMemory = -1;

    /// <summary>Marks those fences complete that wait for nothing. Call once after filling the window.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first.</param>
    public static void Settle(RuleSet rules, Span<Instance> window)
    {
        for (var i = 0; i < window.Length; i++)
        {
            if (window[i].Kind == InstanceKind.Fence)
            {
                window[i].Progress =
                    Blocker(rules, window, i, AccessStep.Complete) == 0 ? Progress.Done : Progress.Waiting;
            }
        }
    }

    /// <summary>The rule that keeps an instance from a step because of an older one, or 0.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    /// <param name="index">The instance.</param>
    /// <param name="step">The step that it wants to take.</param>
    /// <returns>An index into <see cref="OrderingRules.All"/>.</returns>
    public static int Blocker(RuleSet rules, ReadOnlySpan<Instance> window, int index, AccessStep step)
    {
        for (var older = index - 1; older >= 0; older--)
        {
            var rule = Ordering.Blocks(rules, window[index], step, window[older]);
            if (rule != 0)
                return rule;
        }

        return 0;
    }

    /// <summary>The step that an instance can take now and that other CPUs can notice.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    /// <param name="index">The instance.</param>
    /// <param name="source">For a read: the older store whose value it takes, or <see cref="FromMemory"/>.</param>
    /// <returns>Null when it has none, or has to wait.</returns>
    public static AccessStep? Next(RuleSet rules, ReadOnlySpan<Instance> window, int index, out int source)
    {
        source = FromMemory;
        ref readonly var instance = ref window[index];
        return instance.Kind switch
        {
            InstanceKind.Load or InstanceKind.Rmw when instance.Progress == Progress.Waiting => CanRead(
                rules,
                window,
                index,
                out source
            )
                ? AccessStep.Read
                : null,
            InstanceKind.Store or InstanceKind.Rmw => CanWrite(rules, window, index) ? AccessStep.Write : null,
            InstanceKind.Clean => CanMaintain(rules, window, index) ? AccessStep.Clean : null,
            InstanceKind.Invalidate => CanMaintain(rules, window, index) ? AccessStep.Invalidate : null,
            _ => null,
        };
    }

    /// <summary>Whether the read of a load or RMW may be satisfied now, and from where.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    /// <param name="index">The load or RMW.</param>
    /// <param name="source">The older store whose value it takes, or <see cref="FromMemory"/>.</param>
    /// <returns>False when it has to wait.</returns>
    public static bool CanRead(RuleSet rules, ReadOnlySpan<Instance> window, int index, out int source)
    {
        source = FromMemory;
        ref readonly var load = ref window[index];
        if (!load.ReadPending || load.Address == Knowledge.Unknown || load.Location < 0)
            return false;
        return Blocker(rules, window, index, AccessStep.Read) == 0 && FindSource(rules, window, index, out source);
    }

    // Rules A13 and A18: the nearest older write to the location that is not visible yet, if there is one.
    private static bool FindSource(RuleSet rules, ReadOnlySpan<Instance> window, int index, out int source)
    {
        const OrderFlags acquires = OrderFlags.Acquire | OrderFlags.AcquirePc;
        ref readonly var load = ref window[index];
        source = FromMemory;
        for (var older = index - 1; older >= 0; older--)
        {
            ref readonly var store = ref window[older];
            if (!store.Writes || store.Location != load.Location)
                continue;
            if (store.Progress == Progress.Done)
                return true;
            var mustHaveRead = (load.Flags & acquires) != OrderFlags.None && rules.Keeps(OrderingRules.A18);
            if (mustHaveRead && AtomicReadPending(window, older))
                return false;
            if (store.Data == Knowledge.Unknown)
                return false;
            source = older;
            return true;
        }

        return true;
    }

    // The read half of an atomic: its own, or that of the load-exclusive which a store-exclusive pairs with.
    private static bool AtomicReadPending(ReadOnlySpan<Instance> window, int index)
    {
        if (window[index].Kind == InstanceKind.Rmw)
            return window[index].ReadPending;
        if ((window[index].Flags & OrderFlags.Exclusive) == OrderFlags.None)
            return false;
        for (var older = index - 1; older >= 0; older--)
        {
            if ((window[older].Flags & OrderFlags.Exclusive) != OrderFlags.None)
                return window[older].ReadPending;
        }

        return false;
    }

    /// <summary>
    /// How far the value is known that a satisfied read returned: no further than the pending store that it came from.
    /// </summary>
    /// <param name="window">The instances, oldest first.</param>
    /// <param name="index">A load or RMW whose read was satisfied.</param>
    /// <returns>Final when the value came from memory.</returns>
    public static Knowledge SourceKnowledge(ReadOnlySpan<Instance> window, int index)
    {
        for (var older = index - 1; older >= 0; older--)
        {
            ref readonly var store = ref window[older];
            if (store.Writes && store.Location == window[index].Location && store.Location >= 0)
                return store.Progress == Progress.Done ? Knowledge.Final : store.Data;
        }

        return Knowledge.Final;
    }

    /// <summary>Whether the write of a store or RMW may become visible to all CPUs now.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    /// <param name="index">The store or RMW. An RMW must have read first.</param>
    /// <returns>False when it has to wait.</returns>
    public static bool CanWrite(RuleSet rules, ReadOnlySpan<Instance> window, int index)
    {
        ref readonly var store = ref window[index];
        if (!store.WritePending || (store.Kind == InstanceKind.Rmw && store.Progress == Progress.Waiting))
            return false;
        if (store.Address != Knowledge.Final || store.Data != Knowledge.Final || store.Location < 0)
            return false;
        return Blocker(rules, window, index, AccessStep.Write) == 0 && !FollowsPrediction(window, index);
    }

    // Rule A16: a read may return what a conditional selection is predicted to give, by way of its CPU's own pending
    // store. No write that an acquire or a read barrier orders after such a read goes ahead of the selection
    // (pick-lob).
    private static bool FollowsPrediction(ReadOnlySpan<Instance> window, int index)
    {
        const OrderFlags acquires = OrderFlags.Acquire | OrderFlags.AcquirePc;
        var barrier = false;
        for (var older = index - 1; older >= 0; older--)
        {
            ref readonly var instance = ref window[older];
            barrier |=
                instance.Kind == InstanceKind.Fence
                && instance.Fence is not (BarrierKind.DmbStore or BarrierKind.DsbStore);
            var orders = barrier || (instance.Flags & acquires) != OrderFlags.None;
            if (instance.Kind == InstanceKind.Load && instance.Data == Knowledge.Speculative && orders)
                return true;
        }

        return false;
    }

    /// <summary>Whether an RMW reads and writes in one step, as under <c>sc</c> and <c>tso</c>.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <returns>True for all models but Arm's.</returns>
    public static bool AtomicRmw(RuleSet rules) => rules.Model != MemoryModel.Arm;

    /// <summary>Whether a DC CVAU or IC IVAU may be performed now.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    /// <param name="index">The maintenance operation.</param>
    /// <returns>False when it has to wait.</returns>
    public static bool CanMaintain(RuleSet rules, ReadOnlySpan<Instance> window, int index)
    {
        ref readonly var operation = ref window[index];
        var step = operation.Kind == InstanceKind.Clean ? AccessStep.Clean : AccessStep.Invalidate;
        return operation.Progress != Progress.Done
            && operation.Address == Knowledge.Final
            && Blocker(rules, window, index, step) == 0;
    }

    /// <summary>
    /// Whether a context synchronisation event may happen now. Nothing younger is in the window before it has.
    /// </summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first, settled.</param>
    /// <param name="index">The event.</param>
    /// <returns>False when it has to wait.</returns>
    public static bool CanSynchronise(RuleSet rules, ReadOnlySpan<Instance> window, int index) =>
        Blocker(rules, window, index, AccessStep.Synchronise) == 0;

    /// <summary>Whether the oldest instance has nothing left to do, so that it may leave the window.</summary>
    /// <param name="oldest">The oldest instance, settled.</param>
    /// <returns>True when it may leave.</returns>
    public static bool CanRetire(in Instance oldest) =>
        oldest.Kind switch
        {
            InstanceKind.Local or InstanceKind.Branch => oldest.Data == Knowledge.Final,
            InstanceKind.Load => oldest.Progress != Progress.Waiting && oldest.Address == Knowledge.Final,
            _ => oldest.Progress == Progress.Done,
        };

    /// <summary>
    /// Whether another CPU can write a location: not between the two halves of an atomic (rule A17). Nor can its own
    /// atomic read the location then and write it later, so that it need not read.
    /// </summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances of a CPU that does not write, oldest first.</param>
    /// <param name="location">The location.</param>
    /// <returns>False when the write would make an atomic of this window impossible.</returns>
    public static bool AdmitsWrite(RuleSet rules, ReadOnlySpan<Instance> window, int location)
    {
        if (!rules.Keeps(OrderingRules.A17))
            return true;
        for (var i = 0; i < window.Length; i++)
        {
            var within =
                window[i].Kind == InstanceKind.Rmw
                    ? window[i].Progress == Progress.Read
                    : PairedStorePending(window, i);
            if (within && ReadFromMemory(window, i, location))
                return false;
        }

        return true;
    }

    /// <summary>Whether a write of another CPU overwrites what an instance has read, so that it is marked.</summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances of a CPU that does not write, oldest first.</param>
    /// <param name="index">The instance.</param>
    /// <param name="location">The location that is written.</param>
    /// <returns>True when its <see cref="Instance.Overwritten"/> is to be set.</returns>
    public static bool IsOverwritten(RuleSet rules, ReadOnlySpan<Instance> window, int index, int location) =>
        rules.Keeps(OrderingRules.A17) && ReadFromMemory(window, index, location);

    private static bool ReadFromMemory(ReadOnlySpan<Instance> window, int index, int location) =>
        window[index].HasRead && window[index].Location == location && ReadMemory(window, index);

    // What a read returned is in memory, and not in a store of its own CPU that is still to become visible.
    internal static bool ReadMemory(ReadOnlySpan<Instance> window, int index)
    {
        for (var older = index - 1; older >= 0; older--)
        {
            if (window[older].Writes && window[older].Location == window[index].Location)
                return window[older].Progress == Progress.Done;
        }

        return true;
    }

    private static bool PairDone(ReadOnlySpan<Instance> window, int index)
    {
        for (var i = index + 1; i < window.Length; i++)
        {
            if ((window[i].Flags & OrderFlags.Exclusive) != OrderFlags.None)
            {
                return window[i].Kind == InstanceKind.Load
                    || (window[i].Kind == InstanceKind.Store && window[i].Progress == Progress.Done);
            }
        }

        return false;
    }

    private static bool PairedStorePending(ReadOnlySpan<Instance> window, int index)
    {
        if ((window[index].Flags & OrderFlags.Exclusive) == OrderFlags.None)
            return false;
        for (var i = index + 1; i < window.Length; i++)
        {
            if ((window[i].Flags & OrderFlags.Exclusive) != OrderFlags.None)
                return window[i].Kind == InstanceKind.Store && window[i].WritePending;
        }

        return false;
    }

    /// <summary>
    /// Whether the window cannot be completed: a younger read of a location was satisfied and overwritten before an
    /// older one was satisfied (rule A19). Such an execution does not exist, and the caller drops it.
    /// </summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first.</param>
    /// <returns>True when the execution is void.</returns>
    public static bool IsVoid(RuleSet rules, ReadOnlySpan<Instance> window)
    {
        if (!rules.Keeps(OrderingRules.A19))
            return false;
        for (var older = 0; older < window.Length; older++)
        {
            if (!window[older].ReadPending || window[older].Location < 0)
                continue;
            for (var i = older + 1; i < window.Length; i++)
            {
                if (window[i].Location != window[older].Location)
                    continue;
                if (window[i].HasRead && window[i].Overwritten)
                    return true;
                if (window[i].Writes)
                    break;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the address of an instance, which has just become known, voids what younger ones did in the belief that
    /// it was elsewhere (rules A13 and A14).
    /// </summary>
    /// <param name="rules">The rules that hold.</param>
    /// <param name="window">The instances, oldest first.</param>
    /// <param name="index">The access or maintenance operation whose address has become known.</param>
    /// <returns>True when the execution is void.</returns>
    public static bool AddressVoids(RuleSet rules, ReadOnlySpan<Instance> window, int index)
    {
        ref readonly var resolved = ref window[index];
        if (resolved.Location < 0 || resolved.Kind == InstanceKind.Local || !rules.Keeps(OrderingRules.A13))
            return false;
        var shadowed = false;
        for (var i = index + 1; i < window.Length; i++)
        {
            ref readonly var younger = ref window[i];
            if (younger.Location != resolved.Location)
                continue;
            if (
                younger.Kind == InstanceKind.Clean
                && younger.Progress == Progress.Done
                && resolved.Kind != InstanceKind.Invalidate
            )
            {
                return true;
            }

            if (younger.HasRead && (resolved.Kind == InstanceKind.Clean || (resolved.Writes && !shadowed)))
                return true;
            shadowed |= younger.Writes;
        }

        return false;
    }

    /// <summary>
    /// Drops the marks <see cref="Instance.Overwritten"/> that can no longer matter, so that equal states meet.
    /// </summary>
    /// <param name="window">The instances, oldest first.</param>
    /// <returns>True when there were any.</returns>
    public static bool DropMarks(Span<Instance> window)
    {
        var any = false;
        for (var i = 0; i < window.Length; i++)
        {
            if (!window[i].Overwritten || OverwrittenMatters(window, i))
                continue;
            window[i].Overwritten = false;
            any = true;
        }

        return any;
    }

    /// <summary>
    /// Whether the mark <see cref="Instance.Overwritten"/> can still matter; where not, it is dropped so that equal
    /// states meet.
    /// </summary>
    /// <param name="window">The instances, oldest first.</param>
    /// <param name="index">A read that carries the mark.</param>
    /// <returns>True when it must be kept.</returns>
    public static bool OverwrittenMatters(ReadOnlySpan<Instance> window, int index)
    {
        if ((window[index].Flags & OrderFlags.Exclusive) != OrderFlags.None && !PairDone(window, index))
            return true;
        for (var older = index - 1; older >= 0; older--)
        {
            if (
                window[older].ReadPending
                && (window[older].Location < 0 || window[older].Location == window[index].Location)
            )
            {
                return true;
            }
        }

        return false;
    }
}
