namespace Lazykick.Traces.Tests.Analysis;

/// <summary>The kernel that scenarios are traces of: where its functions and its strings lie.</summary>
internal static class ScenarioKernel
{
    private const ulong Text = 0xffffffff81000000;

    private static readonly string[] s_functions =
    [
        Scenario.DoNothing,
        Scenario.IpiMb,
        Scenario.Ttwu,
        Scenario.IrqWork,
        Scenario.Nobody,
        "generic_smp_call_function_single_interrupt",
        "kick_all_cpus_sync",
        "irq_work_queue_on",
        "wakeup_preempt",
        "static_key_enable",
        "perf_event_alloc",
        "tick_nohz_handler",
        "hrtimer_wakeup",
        "on_each_cpu_cond_mask",
        "purge_work",
    ];

    private static readonly string[] s_texts =
    [
        "Rescheduling interrupts",
        "Function call interrupts",
        "Startirq",
        "Endirq",
        "Start",
        "End",
    ];

    public static string Kallsyms =>
        string.Concat(s_functions.Select(static name => $"{Address(name):x16} T {name}\n"));

    public static string PrintkFormats =>
        string.Concat(s_texts.Select(static text => $"0x{TextAddress(text):x} : \"{text}\"\n"));

    public static ulong Address(string function) =>
        Text + (0x1000 * (1 + (ulong)Array.IndexOf(s_functions, function)));

    public static ulong TextAddress(string text) =>
        0xffffffff82000000 + (0x100 * (1 + (ulong)Array.IndexOf(s_texts, text)));
}
