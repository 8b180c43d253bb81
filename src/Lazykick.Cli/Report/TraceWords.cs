using System.Text.Json;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>Names of what a trace has, as documents for programs spell them.</summary>
internal static class TraceWords
{
    /// <summary>A value of an enum as all documents spell it: <c>userEqs</c>.</summary>
    public static string Json<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static string Json(KickVerdict verdict) =>
        verdict == KickVerdict.NeverDeferrable ? "never" : Json<KickVerdict>(verdict);

    public static string Json(TraceContainer container) =>
        container switch
        {
            TraceContainer.RawDirectory => "raw",
            TraceContainer.TraceDat6 => "trace.dat 6",
            TraceContainer.TraceDat7 => "trace.dat 7",
            _ => "perf.data",
        };

    /// <summary>A value as the columns of the CSV spell it: <c>user_eqs</c>.</summary>
    public static string Csv<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string Csv(KickVerdict verdict) =>
        verdict == KickVerdict.NeverDeferrable ? "never" : Csv<KickVerdict>(verdict);

    /// <summary>What a scheme does about a kick; empty where it does not serve it.</summary>
    public static string Decision(bool? skips) =>
        skips switch
        {
            true => "skip",
            false => "send",
            null => "",
        };

    /// <summary>What is missing, for people: the events to record.</summary>
    public static string Of(Evidence evidence) =>
        evidence switch
        {
            Evidence.Senders => "ipi_send_* (kernel 6.4 and later)",
            Evidence.Queueing => "csd_queue_cpu (kernel 6.5 and later)",
            Evidence.Runs => "csd_function_entry",
            Evidence.FunctionCalls => "entries of function-call interrupts",
            Evidence.Reschedules => "entries of reschedule interrupts",
            Evidence.IrqWorks => "entries of irq_work interrupts",
            Evidence.Ticks => "entries of timer interrupts",
            Evidence.Devices => "irq_handler_entry",
            Evidence.Nmis => "nmi_handler",
            Evidence.InterruptEnds => "ends of interrupts",
            Evidence.Idle => "cpu_idle",
            Evidence.Switches => "sched_switch",
            Evidence.SystemCalls => "sys_enter and sys_exit",
            Evidence.Faults => "page_fault_user",
            Evidence.UserTracking => "context_tracking or rcu_watching",
            Evidence.SoftIrqs => "softirq_entry",
            Evidence.PolledWakes => "sched_wake_idle_without_ipi",
            Evidence.Guests => "kvm_entry and kvm_exit",
            Evidence.Symbols => "kallsyms",
            Evidence.Scheduler => "sched_switch",
            Evidence.Races => "sys_enter",
            Evidence.WholeCpu => "some events of this CPU",
            Evidence.AllSenders => "the senders of some interrupts",
            _ => "some events of other CPUs",
        };
}
