using System.Runtime.CompilerServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// The calling thread's slots for <see cref="RcuDomain.EnterRead"/>, one a domain, kept until the thread ends. They are found
/// without a lock; the domain reaps them when the thread has ended.
/// </summary>
internal static class ThreadSlots
{
    [ThreadStatic]
    private static Slot? _last;

    [ThreadStatic]
    private static List<Slot>? _all;

    /// <summary>The calling thread's slot in the domain that <paramref name="closed"/> belongs to, if it is the last one used.</summary>
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
        foreach (var slot in all)
        {
            if (ReferenceEquals(slot.Closed, core.Closed))
            {
                return _last = slot;
            }
        }

        var added = core.Register(Thread.CurrentThread, member, file, line);

        // Domains that are gone would otherwise be kept here for as long as the thread lives.
        all.RemoveAll(static slot => HardwareMemory.LoadAcquire(slot.Closed) == DomainState.Closed);
        all.Add(added);
        return _last = added;
    }
}
