namespace Lazykick.Traces.Kicks;

/// <summary>How the run of a queued function shows (kernel/smp.c, __flush_smp_call_function_queue).</summary>
internal enum RunTrace : byte
{
    /// <summary>By csd_function_entry with its csd.</summary>
    Own,

    /// <summary>By one csd_function_entry for all of its kind that wait: wake-ups are handed over as a list.</summary>
    Batch,

    /// <summary>Not at all: irq_work is run from the queue without a csd event.</summary>
    None,
}
