using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Moves;

/// <summary>What a step is to the memory machine.</summary>
/// <param name="Kind">Load, store, atomic, fence, maintenance or context synchronisation;
/// <see cref="InstanceKind.Local"/> for a control step.</param>
/// <param name="Flags">Orderings of its own.</param>
/// <param name="Fence">Which fence.</param>
internal sealed record Access(
    InstanceKind Kind,
    OrderFlags Flags = OrderFlags.None,
    BarrierKind Fence = BarrierKind.None
)
{
    /// <summary>The variable that it accesses.</summary>
    public Field? Variable { get; init; }

    /// <summary>The text location that it writes or maintains.</summary>
    public TextFields? Text { get; init; }

    /// <summary>The translation that it changes or invalidates.</summary>
    public MappingFields? Mapping { get; init; }

    /// <summary>
    /// It acknowledges an interrupt, or raises one by a store to a device: in flight like other accesses, its effect
    /// comes late.
    /// </summary>
    public bool IsDevice { get; init; }

    /// <summary>
    /// A DMB ISH follows in the same step: the LL/SC form of a fully ordered atomic (atomic_ll_sc.h, v4.16).
    /// </summary>
    public bool FenceAfter { get; init; }

    /// <summary>Where the CPU goes next hangs on the value read: a branch stands behind the load.</summary>
    public bool Branches { get; init; }

    /// <summary>It writes text or a page-table entry.</summary>
    public bool ChangesText => Kind == InstanceKind.Store && (Text is not null || Mapping is not null);

    /// <summary>
    /// It takes a slot of the window. A DSB does not: nothing younger could do anything before it is complete, so it is
    /// a step that waits.
    /// </summary>
    public bool IsWindowed => Kind is not (InstanceKind.Local or InstanceKind.ContextSync) && !IsDrain;

    /// <summary>A DSB or MFENCE.</summary>
    public bool IsDrain => Kind == InstanceKind.Fence && Fence is BarrierKind.DsbFull or BarrierKind.Mfence;
}
