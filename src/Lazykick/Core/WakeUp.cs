using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>Wakes all who sleep at a lock: each of them looks again at what it waits for.</summary>
internal static class WakeUp<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Wakes them, and throws nothing: the caller has already done what it reports.</summary>
    public static void All(Gate gate)
    {
        var interrupted = false;
        while (true)
        {
            try
            {
                TMemory.Enter(gate);
                break;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        TMemory.PulseAll(gate);
        TMemory.Exit(gate);
        if (interrupted)
        {
            // For the next wait of the caller's.
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>Wakes them when a token is cancelled, until the result is disposed.</summary>
    public static CancellationTokenRegistration On(Gate gate, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static gate => All((Gate)gate!), gate);
}
