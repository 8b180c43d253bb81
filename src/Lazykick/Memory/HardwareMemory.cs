using System.Runtime.CompilerServices;

namespace Lazykick.Memory;

/// <summary>The real machine.</summary>
internal readonly struct HardwareMemory : ISharedMemory
{
    private const int Spins = 24;
    private const int Yields = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LoadAcquire(Cell cell) => Volatile.Read(ref cell.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Look(Cell cell) => Volatile.Read(ref cell.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(Cell cell, long value) => Volatile.Write(ref cell.Value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ExchangeFull(Cell cell, long value) => Interlocked.Exchange(ref cell.Value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long AddFull(Cell cell, long value) => Interlocked.Add(ref cell.Value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long CompareExchangeFull(Cell cell, long value, long comparand) =>
        Interlocked.CompareExchange(ref cell.Value, value, comparand);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadAcquire<T>(Published<T> published)
        where T : class => Volatile.Read(ref published.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease<T>(Published<T> published, T value)
        where T : class => Volatile.Write(ref published.Value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadElement<T>(T[] array, int index)
        where T : class => array[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreElement<T>(T[] array, int index, T value)
        where T : class => array[index] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LoadAcquire(long[] array, int index) => Volatile.Read(ref array[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(long[] array, int index, long value) => Volatile.Write(ref array[index], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LoadAcquire(ref ulong word) => Volatile.Read(ref word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(ref ulong word, ulong value) => Volatile.Write(ref word, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadContent<T>(ref T place)
        where T : unmanaged => place;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreContent<T>(ref T place, T value)
        where T : unmanaged => place = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fence() => Interlocked.MemoryBarrier();

    public static void ProcessWideFence() => ProcessWideBarrier.Execute();

    public static void Enter(Gate gate) => Monitor.Enter(gate);

    public static void Exit(Gate gate) => Monitor.Exit(gate);

    public static bool Wait(Gate gate, TimeSpan timeout) => Monitor.Wait(gate, timeout);

    public static void PulseAll(Gate gate) => Monitor.PulseAll(gate);

    public static void Pause(ref PauseState state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = state.Count++;
        if (count < Spins)
        {
            Thread.SpinWait(1 << Math.Min(count / 4, 4));
        }
        else if (count < Spins + Yields)
        {
            // On a busy machine one of these can take as long as a stall timeout.
            state.IsLong = true;
            Thread.Yield();
        }
        else
        {
            if (cancellationToken.CanBeCanceled)
                cancellationToken.WaitHandle.WaitOne(1);
            else
                Thread.Sleep(1);
        }
    }

    public static bool IsAlive(Thread thread) => thread.IsAlive;
}
