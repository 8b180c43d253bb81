using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// The CPU time of the calling thread, in nanoseconds: what other programs do meanwhile does not count. Elsewhere than
/// on Linux the time of day.
/// </summary>
internal static partial class CpuClock
{
    // From the UAPI header linux/time.h.
    private const int ThreadCpuTime = 3;

    public static double Now
    {
        get
        {
            if (OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0)
                return (time.Seconds * 1e9) + time.Nanoseconds;
            return Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
