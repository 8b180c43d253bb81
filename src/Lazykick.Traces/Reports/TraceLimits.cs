using Lazykick.Traces.Events;

namespace Lazykick.Traces.Reports;

/// <summary>What a trace cannot tell, from the events that it has.</summary>
internal static class TraceLimits
{
    public static IReadOnlyList<TraceLimit> Of(ReportSource source, EvidenceSurvey survey)
    {
        var (trace, plan, lanes) = (source.Trace, source.Plan, source.Lanes);
        var limits = new List<TraceLimit>();
        void Add(string code, string text) => limits.Add(new TraceLimit(code, text));

        if (lanes.Count == 0)
            Add("no-events", "The trace has no events.");
        var others = source.Cpus.Select(static cpu => cpu.Cpu).Where(cpu => !trace.IsRecorded(cpu)).ToList();
        if (others.Count > 0)
        {
            Add(
                "not-recorded",
                $"CPU {CpuListText.Of(others)} {(others.Count == 1 ? "was" : "were")} not recorded: only what went "
                    + "from there to the recorded CPUs is in the trace (record --cpus)."
            );
        }

        if (source.Ledger.LossGaps > 0)
        {
            Add(
                "lost-events",
                $"{(Lost(lanes) is > 0 and var lost ? $"{lost:N0} events are lost" : "Events are missing")} in "
                    + $"{source.Ledger.LossGaps} place{(source.Ledger.LossGaps == 1 ? "" : "s")}; kicks on their way "
                    + "there count as unknown."
            );
        }

        if (!survey.OfTrace.HasFlag(Evidence.Senders))
        {
            Add(
                "no-senders",
                "No sender events (ipi_send_* since kernel 6.4, ipi_raise on arm64): kicks are known by their arrival, "
                    + "not by who sent them."
            );
        }
        else if (!survey.HasCallSites)
        {
            Add("no-call-sites", "Senders are known by ipi_raise only: no call sites.");
        }

        if ((survey.OfTrace & (Evidence.Queueing | Evidence.Runs)) == Evidence.None)
        {
            Add(
                "no-functions",
                "No csd events (kernel 6.5 or later): what a function call ran is not known, so its verdict is not "
                    + "either."
            );
        }

        var untracked = source
            .Cpus.Where(static cpu => cpu.Records is not null && !cpu.IsTracked)
            .Select(static cpu => cpu.Cpu)
            .ToList();
        if (untracked.Count > 0)
        {
            Add(
                "no-context-tracking",
                $"CPU {CpuListText.Of(untracked)}: no context tracking; user mode is reconstructed from system calls, "
                    + "interrupts and switches (up to 4 of 100 states wrong)."
            );
        }

        if (!plan.HasIdleEvents)
        {
            Add(
                "no-idle",
                "No power:cpu_idle events: idle is taken from sched_switch (the idle task runs), or not known."
            );
        }

        if (trace.Symbols.Count == 0)
        {
            Add(
                "no-symbols",
                "No symbols: functions stay addresses, and none has a class; put the kernel's kallsyms beside the file "
                    + "as FILE.kallsyms."
            );
        }

        if (trace.CountsCycles)
        {
            Add(
                "cycles",
                "Clock x86-tsc without a rate: times are cycles, not seconds; a rate of 3 GHz is taken for 1 us."
            );
        }

        if (trace.Clock is "local")
        {
            Add(
                "local-clock",
                "Clock local: the clocks of two CPUs may differ, by a jiffy at most; states at the sending are as "
                    + "wrong."
            );
        }

        if (source.Ledger.Scopes.HasMorePhases)
            Add("more-phases", "More than 63 phases: the later ones have no totals of their own.");
        if (trace.Buffers.Count(static buffer => buffer.Cpus.Count > 0) > 1)
        {
            Add(
                "one-buffer",
                "The trace has several buffers; this report is about "
                    + $"{(trace.DefaultBuffer.Name.Length == 0 ? "the top one" : trace.DefaultBuffer.Name)}."
            );
        }

        if (source.Matcher.StrangeTargets + lanes.Sum(static lane => lane.Scanner.Malformed) is > 0 and var strange)
            Add("strange-targets", $"{strange} events name a CPU that the trace does not have.");
        return limits;
    }

    private static long Lost(IReadOnlyList<CpuLane> lanes) => lanes.Sum(static lane => lane.Cursor.LostEvents);
}
