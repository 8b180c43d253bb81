using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// How long a CPU is in the kernel before an event says that its own task brought it there: from user_exit to the
/// sys_enter or page fault that follows. Taken from the events of a cut, which no analysis has seen.
/// </summary>
internal static class EntryGaps
{
    private const byte Exit = 1;
    private const byte Own = 2;
    private const byte Other = 3;

    /// <summary>Nanoseconds of a CPU between two times, in sum.</summary>
    public static ulong Of(TraceFile trace, int cpu, ulong from, ulong to)
    {
        var dispatch = EventDispatch.CreateForAll();
        foreach (var format in trace.Formats)
        {
            dispatch.Set(
                format,
                format.Name switch
                {
                    "user_exit" => Exit,
                    "sys_enter" or "page_fault_user" or "page_fault_kernel" => Own,
                    _ => Other,
                }
            );
        }

        ulong sum = 0,
            left = 0;
        var cursor = trace.DefaultBuffer.OpenCpu(cpu, dispatch);
        while (cursor.TryRead(out var e))
        {
            if (e.Tag == Own && left != 0 && left >= from && e.Timestamp <= to)
                sum += e.Timestamp - left;
            left = e.Tag == Exit ? e.Timestamp : 0;
        }

        return sum;
    }

    /// <summary>
    /// The least number that a Poisson variable exceeds with a probability of at most <paramref name="probability"/>.
    /// </summary>
    public static int PoissonQuantile(double mean, double probability)
    {
        var (term, sum, n) = (Math.Exp(-mean), Math.Exp(-mean), 0);
        while (1 - sum > probability && n < 1000)
        {
            n++;
            term *= mean / n;
            sum += term;
        }

        return n;
    }
}
