using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Lazykick.Cli.Demo;

/// <summary>Which CPUs the calling thread may run on (Linux).</summary>
internal static partial class CpuAffinity
{
    private const int MaskBytes = 1024;

    /// <summary>The CPUs of the calling thread's mask, ascending.</summary>
    public static int[] Allowed()
    {
        var mask = new byte[MaskBytes];
        if (GetAffinity(0, MaskBytes, mask) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return [.. Enumerable.Range(0, MaskBytes * 8).Where(cpu => (mask[cpu / 8] & (1 << (cpu % 8))) != 0)];
    }

    /// <summary>Keeps the calling thread on one CPU.</summary>
    public static void Pin(int cpu)
    {
        var mask = new byte[MaskBytes];
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        if (SetAffinity(0, MaskBytes, mask) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    // The raw system call gives the number of bytes; the C library gives 0.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nint size, [Out] byte[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint size, byte[] mask);
}
