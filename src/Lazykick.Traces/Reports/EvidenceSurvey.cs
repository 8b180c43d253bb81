using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>
/// What a trace has of all that figures are made of. An event class counts as recorded where one of its events is in
/// the trace, or where the trace says that it was switched on: the format alone only says that the kernel knows it.
/// </summary>
internal sealed class EvidenceSurvey
{
    private readonly ulong _kinds;
    private readonly HashSet<int> _damaged;
    private readonly bool _isAllDamaged;
    private readonly ReportSource _source;

    public EvidenceSurvey(ReportSource source)
    {
        _source = source;
        _kinds = source.Plan.SwitchedOn;
        foreach (var lane in source.Lanes)
            _kinds |= lane.Scanner.Kinds;
        _damaged = [.. source.Trace.Damage.Select(static damage => damage.Cpu)];
        _damaged.Remove(TraceDamage.OfNames);
        _isAllDamaged = _damaged.Remove(-1) || source.Trace.DamageIsTruncated || source.Lanes.Count == 0;
        foreach (var cpu in source.Trace.Statistics)
        {
            // The kernel counted events there, and the trace has none of them.
            if (cpu.Entries > 0 && source.Lanes.All(lane => lane.Cpu != cpu.Cpu))
                _damaged.Add(cpu.Cpu);
        }

        OfTrace = FindOfTrace();
    }

    /// <summary>What the whole trace has, whatever CPU and part.</summary>
    public Evidence OfTrace { get; }

    /// <summary>Who sent a kick is told with its place in the code, not by ipi_raise alone.</summary>
    public bool HasCallSites => TellsSends || OfTrace.HasFlag(Evidence.Queueing);

    /// <summary>What can be said of a CPU in a part of the trace.</summary>
    public Knowledge Of(Scope scope, CpuTimeline cpu)
    {
        // What it did to others is there, and nothing of what was done to it.
        if (!_source.Trace.IsRecorded(cpu.Cpu))
            return new Knowledge(Evidence.None);
        var here = OfTrace;
        if (cpu.IsTracked)
            here |= Evidence.SystemCalls | Evidence.Switches | Evidence.Faults | Evidence.Tasks;
        if (IsWhole(scope, cpu))
            here |= Evidence.WholeCpu;
        else if (HasProbes)
            here &= ~Evidence.Senders; // only its interrupts tell what became of a kick that a kprobe announced
        if (_source.Cpus.All(other => IsWhole(scope, other)))
        {
            here |= Evidence.Tasks | Evidence.WholeTrace;
        }

        if (!HasStrangers(scope, cpu.Cpu))
            here |= Evidence.AllSenders;

        if (!_isAllDamaged && _damaged.Count == 0 && _source.Cpus.All(IsThere))
            here |= Evidence.Span;
        return new Knowledge(here);
    }

    /// <summary>
    /// A CPU without events may be switched off, if something says so; one that was kicked is not, and what it sent is
    /// missing, too.
    /// </summary>
    private bool IsWhole(Scope scope, CpuTimeline cpu)
    {
        if (_isAllDamaged || _damaged.Contains(cpu.Cpu))
            return false;
        return cpu.Records is not null ? !scope.Has(cpu.Cpu) || scope[cpu.Cpu].Losses == 0 : IsThere(cpu);
    }

    private bool IsThere(CpuTimeline cpu) => cpu.Records is not null || (IsSaidToBeEmpty(cpu.Cpu) && !WasKicked(cpu));

    /// <summary>
    /// The recorder found nothing there (an empty file), the kernel counted nothing, or perf, which says what it lost.
    /// </summary>
    private bool IsSaidToBeEmpty(int cpu) =>
        _source.Trace.Container == TraceContainer.PerfData
        || _source.Trace.DefaultBuffer.EmptyCpus.Contains(cpu)
        || _source.Trace.Statistics.Any(counted => counted.Cpu == cpu && counted.Entries == 0);

    private bool WasKicked(CpuTimeline cpu) =>
        _source.Ledger.Scopes.All.Any(any => any.Has(cpu.Cpu) && any[cpu.Cpu].Verdicts.Any(static n => n > 0));

    /// <summary>Interrupts came to this CPU that nobody in the trace sent, though senders are recorded.</summary>
    private static bool HasStrangers(Scope scope, int cpu) => scope.Has(cpu) && scope[cpu].Unattributed > 0;

    private Evidence FindOfTrace()
    {
        var here = Evidence.None;
        void Add(Evidence evidence, bool isThere)
        {
            if (isThere)
                here |= evidence;
        }

        var tellsReschedules = Has(EventKind.SendCpu) || Has(EventKind.SendMask) || Has(EventKind.ProbeReschedule);
        var sends = TellsSends;
        // Kprobes at both places that queue; each interrupt of a function call empties the queue.
        var probes = HasProbes && HasFunctionCalls(sends);
        Add(Evidence.Senders, sends || Has(EventKind.Raise));
        Add(Evidence.Queueing, Has(EventKind.CsdQueue) || probes);
        Add(Evidence.Runs, Has(EventKind.CsdEntry) || probes);
        Add(Evidence.FunctionCalls, HasFunctionCalls(sends));
        Add(
            Evidence.Reschedules,
            HasReasons
                || Has(EventKind.RescheduleEntry)
                || (HasVectors && tellsReschedules && !_source.Matcher.SawReschedules)
        );
        Add(Evidence.IrqWorks, HasReasons || Has(EventKind.IrqWorkEntry));
        Add(Evidence.Ticks, Has(EventKind.TimerEntry) || (!HasVectors && Has(EventKind.IrqEntry)));
        Add(Evidence.Devices, Has(EventKind.IrqEntry) || Has(EventKind.OtherVectorEntry));
        Add(Evidence.Nmis, Has(EventKind.Nmi));
        Add(
            Evidence.InterruptEnds,
            HasVectors ? Has(EventKind.VectorExit) : Has(EventKind.IpiExit) && Has(EventKind.IrqExit)
        );
        Add(Evidence.Idle, Has(EventKind.CpuIdle));
        Add(Evidence.Switches | Evidence.Scheduler, Has(EventKind.Switch));
        Add(Evidence.SystemCalls, Has(EventKind.SystemCallEnter) && Has(EventKind.SystemCallExit));
        Add(Evidence.Races, Has(EventKind.SystemCallEnter));
        Add(Evidence.Faults, Has(EventKind.PageFault));
        Add(
            Evidence.UserTracking,
            (Has(EventKind.UserEnter) && Has(EventKind.UserExit)) || _source.Trace.HasNoContextTracking
        );
        Add(Evidence.SoftIrqs, Has(EventKind.SoftIrq));
        Add(Evidence.PolledWakes, Has(EventKind.WakeWithoutIpi));
        Add(Evidence.Guests, Has(EventKind.GuestEnter) && Has(EventKind.GuestExit));
        Add(Evidence.Symbols, _source.Trace.Symbols.Count > 0);
        return here;
    }

    private bool TellsSends =>
        Has(EventKind.SendCpu)
        || Has(EventKind.SendMask)
        || Has(EventKind.ProbeSendCpu)
        || Has(EventKind.ProbeSendMask);

    /// <summary>arm64 tells what an IPI is by a text, the address of which printk_formats resolves.</summary>
    private bool HasReasons => Has(EventKind.IpiEntry) && _source.Trace.HasTexts;

    /// <summary>Kprobes stand in for the events of what is queued.</summary>
    private bool HasProbes => Has(EventKind.ProbeKickCpu) && Has(EventKind.ProbeKickMask);

    /// <summary>x86 has an event for each vector.</summary>
    private bool HasVectors =>
        Has(EventKind.FunctionManyEntry)
        || Has(EventKind.FunctionSingleEntry)
        || Has(EventKind.TimerEntry)
        || Has(EventKind.RescheduleEntry)
        || Has(EventKind.OtherVectorEntry)
        || Has(EventKind.VectorExit);

    /// <summary>
    /// x86 has one vector for masks and one for single CPUs. One that no sender used need not be in the trace.
    /// </summary>
    private bool HasFunctionCalls(bool sends) =>
        HasReasons
        || (
            HasVectors
            && (
                Has(EventKind.FunctionManyEntry) || (sends && !Has(EventKind.SendMask) && !Has(EventKind.ProbeSendMask))
            )
            && (
                Has(EventKind.FunctionSingleEntry) || (sends && !Has(EventKind.SendCpu) && !Has(EventKind.ProbeSendCpu))
            )
        );

    private bool Has(EventKind kind) => (_kinds & (1UL << (int)kind)) != 0;
}
