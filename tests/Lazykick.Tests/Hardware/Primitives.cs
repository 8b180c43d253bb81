using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick.Tests.Hardware;

/// <summary>
/// Each primitive of the production memory in a method of its own, so that its machine code can be read.
/// </summary>
internal static class Primitives
{
    public static readonly string[] Names =
    [
        nameof(ProbeExchange),
        nameof(ProbeAdd),
        nameof(ProbeCompareExchange),
        nameof(ProbeLoadEntry),
        nameof(ProbeStoreEntry),
        nameof(ProbeLoadWord),
        nameof(ProbeStoreWord),
        nameof(ProbeFence),
        nameof(ProbeProcessWide),
        nameof(ProbeStore),
        nameof(ProbeLoad),
        nameof(ProbePublish),
        nameof(ProbeScope),
        nameof(ProbeBegin),
        nameof(ProbeKick),
    ];

    public static void RunAll()
    {
        PaddedCell cell = new(1),
            closed = new(0);
        Slot slot = new(cell, closed);
        Published<object> published = new("");
        var array = new long[1];
        ulong word = 0;
        using RcuDomain domain = new();
        for (var i = 0; i < 3; i++)
        {
            ProbeExchange(cell);
            ProbeAdd(cell);
            ProbeCompareExchange(cell);
            ProbeLoadEntry(array);
            ProbeStoreEntry(array);
            ProbeLoadWord(ref word);
            ProbeStoreWord(ref word);
            ProbeFence();
            ProbeProcessWide();
            ProbeStore(cell);
            ProbeLoad(cell);
            ProbePublish(published);
            ProbeScope(slot);
            ProbeBegin(cell);
            ProbeKick(domain);
            domain.Retire(0, static _ => { });
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long ProbeExchange(Cell cell) => HardwareMemory.ExchangeFull(cell, 2);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long ProbeAdd(Cell cell) => HardwareMemory.AddFull(cell, 1);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long ProbeCompareExchange(Cell cell) => HardwareMemory.CompareExchangeFull(cell, 2, 1);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long ProbeLoadEntry(long[] array) => HardwareMemory.LoadAcquire(array, 0);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbeStoreEntry(long[] array) => HardwareMemory.StoreRelease(array, 0, 3);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ulong ProbeLoadWord(ref ulong word) => HardwareMemory.LoadAcquire(ref word);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbeStoreWord(ref ulong word) => HardwareMemory.StoreRelease(ref word, 3);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbeFence() => HardwareMemory.Fence();

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbeProcessWide() => HardwareMemory.ProcessWideFence();

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbeStore(Cell cell) => HardwareMemory.StoreRelease(cell, 3);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long ProbeLoad(Cell cell) => HardwareMemory.LoadAcquire(cell);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbePublish(Published<object> published) => HardwareMemory.StoreRelease(published, "x");

    /// <summary>A whole read scope, as a user's method has it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ProbeScope(Slot slot)
    {
        var left = ReadSide<HardwareMemory>.EnterRead(slot, out var outer);
        ReadSide<HardwareMemory>.ExitRead(slot, slot.Innermost, outer, left);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long ProbeBegin(Cell cell) => HardwareMemory.AddFull(cell, 1);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static KickKind ProbeKick(RcuDomain domain) => domain.Kick().Kind;
}
