namespace Lazykick.Traces.Names;

/// <summary>
/// Names that the kernel gives to its own threads. The scheduler's events do not say whether a task has user mode; a
/// task that is neither here nor ever seen in a system call stays unknown.
/// </summary>
internal static class KernelThreads
{
    public static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length > 0
        && name[0] switch
        {
            (byte)'k' => Is(name, "kworker/"u8)
                || Is(name, "ksoftirqd/"u8)
                || Is(name, "kthreadd"u8)
                || Is(name, "kcompactd"u8)
                || Is(name, "kswapd"u8)
                || Is(name, "khugepaged"u8)
                || Is(name, "kauditd"u8)
                || Is(name, "khungtaskd"u8)
                || Is(name, "kdamond"u8)
                || Is(name, "kdevtmpfs"u8)
                || Is(name, "kblockd"u8)
                || Is(name, "ksmd"u8),
            (byte)'r' => Is(name, "rcu_"u8)
                || Is(name, "rcuog/"u8)
                || Is(name, "rcuop/"u8)
                || Is(name, "rcuos/"u8)
                || Is(name, "rcuob/"u8)
                || Is(name, "rcub/"u8)
                || Is(name, "rcuc/"u8),
            (byte)'m' => Is(name, "migration/"u8),
            (byte)'c' => Is(name, "cpuhp/"u8),
            (byte)'i' => Is(name, "irq/"u8) || Is(name, "idle_inject/"u8) || Is(name, "irq_work/"u8),
            (byte)'j' => Is(name, "jbd2/"u8),
            (byte)'s' => Is(name, "swapper/"u8),
            (byte)'w' => Is(name, "watchdog/"u8) || Is(name, "writeback"u8),
            (byte)'o' => Is(name, "oom_reaper"u8),
            (byte)'p' => Is(name, "pool_workqueue_"u8),
            _ => false,
        };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix) => name.StartsWith(prefix);
}
