using System.Runtime.CompilerServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// The calling thread's slots for <see cref="RcuDomain.EnterRead"/>, one a domain, kept until the thread ends. They are
/// found without a lock; the domain reaps them when the thread has ended.
/// </summary>
internal static class ThreadSlots
{
    [ThreadStatic]
    private static Slot? _last;

    // By the domain's own word.
    [ThreadStatic]
    private static Dictionary<Cell, Slot>? _all;

    [ThreadStatic]
    private static int _sweepAt;

    /// <summary>
    /// The calling thread's slot in the domain that <paramref name="closed"/> belongs to, if it is the last one used.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slot? FindLast(Cell closed)
    {
        var slot = _last;
        return slot is not null && ReferenceEquals(slot.Closed, closed) ? slot : null;
    }

    /// <summary>Finds the slot, or takes one, and makes it the last one used.</summary>
    public static Slot FindOrAdd<TMemory>(DomainCore<TMemory> core, string member, string file, int line)
        where TMemory : struct, ISharedMemory
    {
        var all = _all ??= [];
        if (all.TryGetValue(core.Closed, out var known))
        {
            return _last = known;
        }

        var added = core.Register(Thread.CurrentThread, member, file, line, byFirstRead: true);
        if (all.Count >= _sweepAt)
        {
            Sweep(all);
        }

        all.Add(core.Closed, added);
        return _last = added;
    }

    // Domains that are gone would otherwise be kept here for as long as the thread lives. Looked for whenever the
    // number has doubled, so that a thread may use many.
    private static void Sweep(Dictionary<Cell, Slot> all)
    {
        foreach (var closed in all.Keys)
        {
            if (HardwareMemory.LoadAcquire(closed) == DomainState.Closed)
            {
                all.Remove(closed);
            }
        }

        _sweepAt = Math.Max(8, 2 * all.Count);
    }
}
