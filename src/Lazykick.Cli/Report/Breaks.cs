using System.Globalization;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>Sums over the breaks of a CPU's isolation and its wake-ups.</summary>
internal static class Breaks
{
    private static readonly EntryCause[] s_causes = Enum.GetValues<EntryCause>();

    public static bool IsKick(this EntryCause cause) =>
        cause is EntryCause.FunctionCall or EntryCause.Reschedule or EntryCause.IrqWork or EntryCause.OtherIpi;

    public static bool IsOutside(this EntryCause cause) =>
        cause is not (EntryCause.SystemCall or EntryCause.Exception or EntryCause.None or EntryCause.Other);

    public static long OfUser(CpuReport cpu, Func<EntryCause, bool> which) =>
        s_causes
            .Where(which)
            .Sum(cause =>
                cpu.Breaks(cause, CpuState.User)
                + cpu.Breaks(cause, CpuState.UserEqs)
                + cpu.Breaks(cause, CpuState.Guest)
            );

    public static ulong TimeOfUser(CpuReport cpu, Func<EntryCause, bool> which) =>
        (ulong)
            s_causes
                .Where(which)
                .Sum(cause =>
                    (long)(
                        cpu.BreakTime(cause, CpuState.User)
                        + cpu.BreakTime(cause, CpuState.UserEqs)
                        + cpu.BreakTime(cause, CpuState.Guest)
                    )
                );

    public static long OfIdle(CpuReport cpu, Func<EntryCause, bool> which) =>
        s_causes.Where(which).Sum(cause => cpu.Breaks(cause, CpuState.Idle));

    /// <summary>A number and a noun.</summary>
    public static string Plural(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    public static string NameOf(EntryCause cause) =>
        cause switch
        {
            EntryCause.FunctionCall => "function calls",
            EntryCause.Reschedule => "reschedule",
            EntryCause.IrqWork => "irq_work",
            EntryCause.OtherIpi => "other IPIs",
            EntryCause.Tick => "timers",
            EntryCause.Device => "devices",
            EntryCause.Nmi => "NMIs",
            EntryCause.None => "by itself",
            _ => "other",
        };
}
