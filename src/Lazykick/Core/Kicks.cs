using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>The lazy process-wide barrier.</summary>
internal sealed class Kicks<TMemory>(SlotRegistry<TMemory> registry)
    where TMemory : struct, ISharedMemory
{
    /// <summary>Makes every registered thread execute a full barrier, now or when it leaves EQS.</summary>
    /// <returns>How many other threads were seen out of EQS; if none, nobody has been interrupted.</returns>
    /// <exception cref="PlatformNotSupportedException">A thread is active and there is no barrier to reach
    /// it.</exception>
    public int Kick()
    {
        // The other half of the store-buffering shape in ReadSide.LeaveEqs. The slots are read after it: a state that
        // was read before says nothing about a thread that left EQS in the meantime.
        TMemory.Fence();
        var active = 0;
        foreach (var slot in registry.Scan())
        {
            // A thread that died in its scope executes nothing any more; left alone it would make every kick a
            // broadcast.
            if (TMemory.LoadAcquire(slot) != Slot.Eqs && !slot.IsHeldByCaller && !registry.TryReap(slot))
            {
                active++;
            }
        }

        if (active > 0)
        {
            TMemory.ProcessWideFence();
        }

        return active;
    }
}
