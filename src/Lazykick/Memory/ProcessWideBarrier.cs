using System.Runtime.InteropServices;

namespace Lazykick.Memory;

/// <summary>
/// <see cref="Interlocked.MemoryBarrierProcessWide"/> where it is a barrier. On Linux the runtime uses
/// membarrier(PRIVATE_EXPEDITED) if the kernel has it and lets it be used; if not, it changes the protection of a page,
/// which interrupts the other CPUs on x86 only: Arm tells them of the change by a broadcast that is no barrier for what
/// they execute. So elsewhere than on x86 the call is refused without membarrier.
/// </summary>
internal static partial class ProcessWideBarrier
{
    // From the UAPI header linux/membarrier.h: MEMBARRIER_CMD_QUERY and MEMBARRIER_CMD_PRIVATE_EXPEDITED.
    private const int Query = 0;
    private const long PrivateExpedited = 1 << 3;

    private static readonly bool IsSoundHere = IsSound(
        OperatingSystem.IsLinux(),
        RuntimeInformation.ProcessArchitecture,
        QueryKernel
    );

    /// <summary>Executes it.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static void Execute()
    {
        if (!IsSoundHere)
        {
            throw new PlatformNotSupportedException(
                "Kick found an active thread and has no means to reach it: this kernel has no membarrier(2), or "
                    + "forbids it to "
                    + "this process (seccomp), and on this architecture the runtime's substitute is no barrier. Allow "
                        + "membarrier, "
                    + "or use Synchronize, which needs none."
            );
        }

        Interlocked.MemoryBarrierProcessWide();
    }

    /// <summary>Whether the runtime's process-wide barrier reaches every thread.</summary>
    /// <param name="isLinux">Whether the system is Linux. Windows and macOS have calls of their own for this.</param>
    /// <param name="architecture">Of the process.</param>
    /// <param name="queryKernel">Asks which membarrier commands there are; negative where it is refused.</param>
    public static bool IsSound(bool isLinux, Architecture architecture, Func<long> queryKernel) =>
        !isLinux
        || architecture is Architecture.X64 or Architecture.X86
        || (queryKernel() is > 0 and var commands && (commands & PrivateExpedited) != 0);

    private static long QueryKernel()
    {
        try
        {
            return SystemCall(NumberOf(RuntimeInformation.ProcessArchitecture), Query, 0, 0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return -1;
        }
    }

    // The number of membarrier: arm has its own table, the architectures after it share one.
    private static nint NumberOf(Architecture architecture) =>
        architecture switch
        {
            Architecture.X64 => 324,
            Architecture.X86 => 375,
            Architecture.Arm or Architecture.Armv6 => 389,
            Architecture.S390x => 356,
            Architecture.Ppc64le => 365,
            _ => 283,
        };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint command, nint flags, nint cpu);
}
