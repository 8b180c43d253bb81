using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>Kicks of one task from one call for one function.</summary>
public sealed class SenderReport
{
    private readonly long[] _verdicts;
    private readonly long[] _states;

    internal SenderReport(
        SenderKey key,
        SenderTotals totals,
        FunctionTable functions,
        TraceFile trace,
        CauseNamer namer
    )
    {
        Cause = namer.Of(key);
        SystemCall = namer.CallOf(key);
        Stack = namer.StackOf(key);
        Pid = key.Pid;
        Vector = key.Vector;
        Kicks = totals.Kicks;
        Interrupts = totals.Interrupts;
        Stolen = totals.Stolen;
        Targets = [.. totals.Targets];
        _verdicts = totals.Verdicts;
        _states = totals.HitStates;
        Function = key.Function == 0 ? null : trace.Symbols.Describe(key.Function);
        CallSite = key.CallSite == 0 ? null : trace.Symbols.Describe(key.CallSite);
        Row = key.Function != 0 && trace.Symbols.ResolveName(key.Function) is { } name ? functions.Find(name) : null;
        IsRecorder = trace.RecorderTasks.Contains(key.Pid);
        Task = key.Pid < 0 ? null : trace.TaskNames.Find(key.Pid);
    }

    /// <summary>The task that asked, or -1 where the trace does not show it.</summary>
    public int Pid { get; }

    /// <summary>The task is one of the <c>lazykick record</c> that made the trace.</summary>
    public bool IsRecorder { get; }

    /// <summary>Its name, or null.</summary>
    public string? Task { get; }

    /// <summary>Why it sent them, in words.</summary>
    public KickCause Cause { get; }

    /// <summary>The system call from which it sent, or null.</summary>
    public string? SystemCall { get; }

    /// <summary>A call stack of the sender, the innermost frame first; empty where the trace has none.</summary>
    public IReadOnlyList<string> Stack { get; }

    /// <summary>The function that its kicks run, or null where the trace does not tell.</summary>
    public string? Function { get; }

    /// <summary>The call, as name and distance, or null.</summary>
    public string? CallSite { get; }

    /// <summary>What the function table says of the function, or null.</summary>
    public KickFunction? Row { get; }

    /// <summary>The interrupt that carries these kicks.</summary>
    public EntryCause Vector { get; }

    /// <summary>Kicks asked for; each target counts.</summary>
    public long Kicks { get; }

    /// <summary>Interrupts sent for them.</summary>
    public long Interrupts { get; }

    /// <summary>The CPUs that were kicked, at most 1024.</summary>
    public IReadOnlyList<int> Targets { get; }

    /// <summary>
    /// Time of the breaks and wake-ups that these kicks were the first to cause, in units of the trace clock.
    /// </summary>
    public ulong Stolen { get; }

    /// <summary>Kicks by verdict.</summary>
    public long Verdict(KickVerdict verdict) => _verdicts[(int)verdict];

    /// <summary>Kicks by state of the target at the sending.</summary>
    public long State(CpuState state) => _states[(int)state];
}
