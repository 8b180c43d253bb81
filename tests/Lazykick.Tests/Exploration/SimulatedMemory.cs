using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick.Tests.Exploration;

/// <summary>
/// The seam with a scheduler and weak memory behind it, and with one ordering taken away if a mutation says so.
/// </summary>
internal readonly struct SimulatedMemory : ISharedMemory
{
    private static Simulation Now => Simulation.Peeked ?? SimThread.Current.Simulation;

    private static int Me => SimThread.Current.Number;

    private static Mutation Mutation => Now.Mutation;

    public static long LoadAcquire(Cell cell) =>
        Load(
            cell,
            cell.Value,
            acquire: !(cell is Slot && Mutation == Mutation.ScanRelaxed)
                && !(cell is PaddedCell && Mutation == Mutation.SeenRelaxed)
        );

    public static long Look(Cell cell) =>
        Simulation.Peeked is null && Now.LooksAreSteps
            ? Load(cell, cell.Value, acquire: true)
            : Now.Memory.Newest(cell, cell.Value);

    public static long LoadRelaxed(Cell cell) => Load(cell, cell.Value, acquire: false);

    /// <summary>A load whose value is not needed before something orders it.</summary>
    public static LateRead LoadLate(Cell cell)
    {
        LateRead result = new();
        Now.Do(
            OperationKind.Load,
            cell,
            () =>
            {
                Now.Memory.LoadLate(Me, cell, cell.Value, result);
                Now.Note($"load {Name(cell)}, perhaps late");
            }
        );
        return result;
    }

    public static void StoreRelease(Cell cell, long value)
    {
        var relaxed =
            (cell is Slot && Mutation == Mutation.EnterEqsRelaxed)
            || (cell is PaddedCell && Mutation == Mutation.CountRelaxed);
        Store(cell, cell.Value, value, release: !relaxed);
    }

    public static void StoreRelaxed(Cell cell, long value) => Store(cell, cell.Value, value, release: false);

    public static long ExchangeFull(Cell cell, long value)
    {
        if (cell is Slot && Mutation == Mutation.LeaveEqsByPlainStore)
        {
            Store(cell, cell.Value, value, release: true);
            return 0;
        }

        return ReadModifyWrite(cell, _ => value, full: true);
    }

    public static long AddFull(Cell cell, long value) =>
        ReadModifyWrite(cell, old => old + value, full: Mutation != Mutation.BeginWithoutBarrier) + value;

    public static long CompareExchangeFull(Cell cell, long value, long comparand)
    {
        long old = 0;
        Now.Do(
            OperationKind.ReadModifyWrite,
            cell,
            () =>
            {
                old = Now.Memory.CompareExchange(Me, cell, cell.Value, value, comparand);
                Now.Note(
                    $"compare and exchange {Name(cell)} {old} -> {(old == comparand ? value : old)}, wanted {comparand}"
                );
            },
            full: true
        );
        return old;
    }

    public static T LoadAcquire<T>(Published<T> published)
        where T : class =>
        (T)Now.Objects.ObjectOf(Load(published, Now.Objects.NumberOf(published.Value), acquire: true))!;

    public static void StoreRelease<T>(Published<T> published, T value)
        where T : class =>
        Store(
            published,
            Now.Objects.NumberOf(published.Value),
            Now.Objects.NumberOf(value),
            release: Mutation != Mutation.TableRelaxed
        );

    public static T LoadElement<T>(T[] array, int index)
        where T : class =>
        (T)Now.Objects.ObjectOf(Load(Now.Objects.ElementOf(array, index), SimObjects.None, acquire: false))!;

    public static void StoreElement<T>(T[] array, int index, T value)
        where T : class =>
        Store(Now.Objects.ElementOf(array, index), SimObjects.None, Now.Objects.NumberOf(value), release: false);

    public static long LoadAcquire(long[] array, int index) =>
        Load(Now.Objects.ElementOf(array, index), 0, acquire: true);

    public static void StoreRelease(long[] array, int index, long value) =>
        Store(Now.Objects.ElementOf(array, index), 0, value, release: Mutation != Mutation.FilledRelaxed);

    public static unsafe ulong LoadAcquire(ref ulong word)
    {
        var address = (ulong*)Unsafe.AsPointer(ref word);
        return (ulong)Load(Now.Objects.NativeAt((nint)address), (long)*address, acquire: true);
    }

    /// <summary>The word has the newest value itself, too: the writer, who is alone, reads it there.</summary>
    public static unsafe void StoreRelease(ref ulong word, ulong value)
    {
        var address = (ulong*)Unsafe.AsPointer(ref word);
        var old = (long)*address;
        Store(
            Now.Objects.NativeAt((nint)address),
            old,
            (long)value,
            release: Mutation != Mutation.ControlRelaxed,
            () => *address = value
        );
    }

    /// <summary>Contents are numbered, as memory holds numbers.</summary>
    public static unsafe T LoadContent<T>(ref T place)
        where T : unmanaged
    {
        var address = (T*)Unsafe.AsPointer(ref place);
        var objects = Now.Objects;
        return (T)
            objects.ObjectOf(Load(objects.NativeAt((nint)address), objects.NumberOf(*address), acquire: false))!;
    }

    public static unsafe void StoreContent<T>(ref T place, T value)
        where T : unmanaged
    {
        var address = (T*)Unsafe.AsPointer(ref place);
        var objects = Now.Objects;
        var old = objects.NumberOf(*address);
        Store(objects.NativeAt((nint)address), old, objects.NumberOf(value), release: false, () => *address = value);
    }

    public static void Fence()
    {
        if (Mutation == Mutation.KickWithoutBarrier)
            return;
        OwnFence();
    }

    public static void OwnFence() =>
        Now.Do(
            OperationKind.Fence,
            null,
            () =>
            {
                Now.Memory.Fence(Me);
                Now.Note($"full barrier");
            },
            full: true
        );

    public static void ProcessWideFence()
    {
        if (Mutation == Mutation.NoBroadcast)
            return;
        OwnFence();
        for (var i = 0; i < Now.ThreadCount; i++)
        {
            var target = i;
            Now.Do(
                OperationKind.ForeignFence,
                null,
                () =>
                {
                    Now.Memory.Fence(target);
                    Now.Note($"interrupts T{target}");
                }
            );
        }

        OwnFence();
    }

    public static void Enter(Gate gate) => Now.Monitors.Enter(gate);

    public static void Exit(Gate gate) => Now.Monitors.Exit(gate);

    public static bool Wait(Gate gate, TimeSpan timeout) => Now.Monitors.Wait(gate, timeout);

    public static void PulseAll(Gate gate)
    {
        if (Mutation != Mutation.NoPulse)
            Now.Monitors.PulseAll(gate);
    }

    public static void Pause(ref PauseState state, CancellationToken cancellationToken)
    {
        state.IsLong = Now.LongWaits;
        Now.Do(
            OperationKind.Pause,
            null,
            () =>
            {
                SimThread.Current.HasSlept |= !Now.Memory.HasNews(Me);
                Now.Memory.TakeNews(Me);
            }
        );
    }

    public static bool IsAlive(Thread thread) => Mutation != Mutation.ReapTheLiving && Now.IsAlive(thread);

    private static long Load(object place, long initial, bool acquire)
    {
        if (Simulation.Peeked is { } peeked)
            return peeked.Memory.Newest(place, initial);
        long value = 0;
        Now.Do(
            OperationKind.Load,
            place,
            () =>
            {
                value = Now.Memory.Load(Me, place, initial, acquire);
                Now.Note($"load{(acquire ? " acquire" : "")} {Name(place)} = {value}");
            }
        );
        return value;
    }

    private static void Store(object place, long initial, long value, bool release, Action? also = null) =>
        Now.Do(
            OperationKind.Store,
            place,
            () =>
            {
                Now.Memory.Store(Me, place, initial, value, release);
                also?.Invoke();
                Now.Note($"store{(release ? " release" : "")} {Name(place)} := {value}");
            }
        );

    private static long ReadModifyWrite(Cell cell, Func<long, long> change, bool full)
    {
        long old = 0;
        Now.Do(
            OperationKind.ReadModifyWrite,
            cell,
            () =>
            {
                old = Now.Memory.ReadModifyWrite(Me, cell, cell.Value, change, full);
                Now.Note($"exchange{(full ? ", full barrier," : "")} {Name(cell)} {old} -> {change(old)}");
            },
            full
        );
        return old;
    }

    private static string Name(object place) =>
        place switch
        {
            SimCell cell => cell.Name,
            Slot => "slot",
            PaddedCell => "counter",
            Published<SlotTable> => "table",
            Published<RetiredChunk> => "last chunk",
            _ => "entry",
        };
}
