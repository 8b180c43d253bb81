using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Recording;

/// <summary>The few system calls that .NET has no name for (Linux only).</summary>
internal static partial class NativeCalls
{
    /// <summary>Move pages where possible, and do not wait (splice(2)).</summary>
    public const uint SpliceMoveNonBlocking = 1 | 2;

    /// <summary>Try again: nothing to read now (errno(3)).</summary>
    public const int TryAgain = 11;

    /// <summary>Interrupted by a signal.</summary>
    public const int Interrupted = 4;

    private const int SetHugePagesOff = 41;
    private const int PunchHole = 2 | 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SetPipeSize = 1031;

    /// <summary>Opens a file for reading without ever waiting for data.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static SafeFileHandle OpenNonBlocking(string path)
    {
        var handle = Open(path, NonBlocking | CloseOnExec);
        return handle.IsInvalid ? throw Failure(path) : handle;
    }

    /// <summary>A pipe whose buffer holds up to <paramref name="bytes"/>.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static unsafe (SafeFileHandle Read, SafeFileHandle Write) Pipe(int bytes)
    {
        var ends = stackalloc int[2];
        if (Pipe2(ends, CloseOnExec) != 0)
            throw Failure("pipe");
        var pipe = (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
        // Best effort: a smaller pipe only means more calls.
        _ = Fcntl(pipe.Item2, SetPipeSize, bytes);
        return pipe;
    }

    /// <summary>Keeps a thread of this process off some CPUs.</summary>
    /// <param name="thread">0 = the calling thread.</param>
    /// <param name="allowed">Indexed by CPU.</param>
    /// <returns>False if the kernel refuses, for example since no CPU is left.</returns>
    public static unsafe bool SetAffinity(int thread, IReadOnlyList<bool> allowed)
    {
        Span<ulong> mask = stackalloc ulong[(allowed.Count + 63) / 64];
        mask.Clear();
        for (var cpu = 0; cpu < allowed.Count; cpu++)
        {
            if (allowed[cpu])
                mask[cpu / 64] |= 1UL << (cpu % 64);
        }

        fixed (ulong* first = mask)
            return SchedSetAffinity(thread, (nuint)(mask.Length * sizeof(ulong)), first) == 0;
    }

    /// <summary>
    /// Gives the blocks of a stretch of a file back to the disk, where the file system can (fallocate(2)).
    /// </summary>
    public static void GiveBack(SafeFileHandle file, long offset, long bytes) =>
        _ = Fallocate(file, PunchHole, offset, bytes);

    /// <summary>Gives the calling thread more of a busy CPU (setpriority(2)); without the right to, nothing.</summary>
    /// <param name="nice">From -20, the most, to 19.</param>
    public static void SetNice(int nice) => _ = SetPriority(0, 0, nice);

    /// <summary>
    /// Keeps khugepaged away from this process (prctl(2), PR_SET_THP_DISABLE). Each time it puts pages together it
    /// interrupts every CPU (tlb_remove_table_sync_one in mm/mmu_gather.c, v6.18): measured, 5 in two minutes.
    /// </summary>
    public static void KeepHugePagesOff() => _ = Control(SetHugePagesOff, 1, 0, 0, 0);

    private static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int Pipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle handle, int command, int argument);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static unsafe partial int SchedSetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, uint who, int nice);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long bytes);

    /// <summary>splice(2) without offsets.</summary>
    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    internal static partial nint Splice(
        SafeFileHandle from,
        nint fromOffset,
        SafeFileHandle to,
        nint toOffset,
        nuint bytes,
        uint flags
    );

    /// <summary>read(2).</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(SafeFileHandle from, byte* to, nuint bytes);
}
