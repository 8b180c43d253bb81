using System.Runtime.InteropServices;

namespace Lazykick.Memory;

/// <summary>Keeps the calling thread on some CPUs.</summary>
internal static partial class ThreadAffinity
{
    private const int CpusOfAWord = 8 * sizeof(ulong);

    /// <summary>Refuses where the system has no call for it that is used here.</summary>
    public static void ThrowIfNotSupported()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "RcuDomainOptions.ReclaimerCpus works on Linux and Windows. Leave it empty on this system."
            );
        }
    }

    /// <summary>Moves the calling thread; if the system refuses, the thread stays where it may run.</summary>
    /// <returns>Whether it moved; if not, <see cref="Marshal.GetLastPInvokeError"/> says why.</returns>
    public static bool TrySet(ReadOnlySpan<int> cpus)
    {
        var mask = new ulong[(Max(cpus) / CpusOfAWord) + 1];
        foreach (var cpu in cpus)
        {
            mask[cpu / CpusOfAWord] |= 1UL << (cpu % CpusOfAWord);
        }

        return OperatingSystem.IsWindows()
            ? mask.Length == 1 && SetThreadAffinityMask(GetCurrentThread(), (nuint)mask[0]) != 0
            : SetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), mask) == 0;
    }

    private static int Max(ReadOnlySpan<int> cpus)
    {
        var max = 0;
        foreach (var cpu in cpus)
        {
            max = Math.Max(max, cpu);
        }

        return max;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ulong[] mask);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nuint SetThreadAffinityMask(nint thread, nuint mask);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();
}
