using System.Runtime.InteropServices;

namespace Lazykick.Bench.Traces;

/// <summary>
/// Two threads a CPU: one calls getppid for ever, one also interrupts the other CPUs by membarrier and mprotect.
/// </summary>
internal static unsafe partial class Storm
{
    private const int PrivateExpedited = 8,
        RegisterPrivateExpedited = 16;
    private const int Read = 1,
        Write = 2,
        PrivateAnonymous = 0x22;
    private const int PageBytes = 4096;

    // x86-64 and arm64 number them differently.
    private static readonly long MembarrierCall =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 283 : 324;

    private static volatile bool _stop;

    public static int Run(TimeSpan length)
    {
        _ = SystemCall(MembarrierCall, RegisterPrivateExpedited, 0, 0);
        var threads = new List<Thread>();
        for (var cpu = 0; cpu < Environment.ProcessorCount; cpu++)
        {
            var number = cpu;
            threads.Add(new Thread(() => Call(number)));
            threads.Add(new Thread(() => Kick(number)));
        }

        threads.ForEach(static thread => thread.Start());
        Thread.Sleep(length);
        _stop = true;
        threads.ForEach(static thread => thread.Join());
        return 0;
    }

    private static void Call(int cpu)
    {
        Pin(cpu);
        while (!_stop)
        {
            for (var i = 0; i < 100; i++)
                _ = GetParent();
        }
    }

    private static void Kick(int cpu)
    {
        Pin(cpu);
        var page = Map(0, PageBytes, Read | Write, PrivateAnonymous, -1, 0);
        while (!_stop)
        {
            _ = SystemCall(MembarrierCall, PrivateExpedited, 0, 0);
            *(byte*)page = 1;
            _ = Protect(page, PageBytes, Read);
            _ = Protect(page, PageBytes, Read | Write);
            for (var i = 0; i < 20; i++)
                _ = GetParent();
        }
    }

    private static void Pin(int cpu)
    {
        var mask = stackalloc ulong[16];
        mask[cpu / 64] = 1UL << (cpu % 64);
        _ = SetAffinity(0, 128, mask);
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long a, long b, long c);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
