using Lazykick.Traces.Events;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Names;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>Gives names to what interrupted CPUs: from addresses, pids and numbers to the table of causes.</summary>
internal sealed class CauseNamer
{
    // Bits of TICK_DEP_MASK_* (include/linux/tick.h).
    private static readonly string[] s_dependencies =
    [
        "posix_timer",
        "perf_events",
        "sched",
        "clock_unstable",
        "rcu",
        "rcu_exp",
    ];

    private readonly ReportSource _source;
    private readonly Dictionary<int, string> _devices = [];
    private readonly Dictionary<BreakKey, KickCause> _breaks = [];
    private readonly Dictionary<SenderKey, KickCause> _senders = [];
    private readonly Dictionary<int, IReadOnlyList<string>> _stacks = [];

    public CauseNamer(ReportSource source)
    {
        _source = source;
        foreach (var (number, name) in source.Lanes.SelectMany(static lane => lane.Scanner.IrqNames))
            _devices.TryAdd(number, name);
    }

    /// <summary>Names of devices' interrupts by their numbers.</summary>
    public IReadOnlyDictionary<int, string> Devices => _devices;

    /// <summary>The cause of a break or wake-up.</summary>
    public KickCause Of(BreakKey key)
    {
        if (_breaks.TryGetValue(key, out var known))
            return known;
        var facts = key.Blamed is { } sender ? FactsOf(sender) : new CauseFacts { Interrupt = "" };
        var timer = Name(key.Timer);
        facts = facts with
        {
            Interrupt = NameOf(key.Cause),
            Device = Device(key.Cause, key.Irq),
            Timer = timer?.Split(' ')[0],
            Tick = key.TickKeptBy > 0 ? DependenciesOf(key.TickKeptBy - 1) : [],
            Woken = facts.Woken ?? TaskName(key.Next),
        };
        return _breaks[key] = Find(facts);
    }

    /// <summary>The cause of kicks.</summary>
    public KickCause Of(SenderKey key)
    {
        if (!_senders.TryGetValue(key, out var known))
            _senders.Add(key, known = Find(FactsOf(key)));
        return known;
    }

    /// <summary>The frames of a stack, the innermost first, with their offsets.</summary>
    public IReadOnlyList<string> StackOf(SenderKey? key) =>
        key is { Stack: not 0 } sender
            ? [.. _source.Matcher.Stacks[sender.Stack].Select(_source.Trace.Symbols.Describe)]
            : [];

    /// <summary>The sender's system call by its name, or null.</summary>
    public string? CallOf(SenderKey? key) =>
        key is { Call: > 0 } sender ? SystemCalls.Find(_source.Trace.Machine, sender.Call - 1) : null;

    /// <summary>Name of a device's interrupt, or null.</summary>
    public string? Device(EntryCause cause, int irq) =>
        cause == EntryCause.Device && irq >= 0 ? _devices.GetValueOrDefault(irq) : null;

    /// <summary>A function with its offset, or null for none.</summary>
    public string? Name(ulong address) => address == 0 ? null : _source.Trace.Symbols.Describe(address);

    private KickCause Find(CauseFacts facts)
    {
        var ofClass = facts.Class is { } kickClass ? _source.Functions.Cure(kickClass) : null;
        var cause = _source.Causes.Find(facts, ofClass, _source.Matcher.Stacks.Any);
        return facts is { Task: null, Woken: null }
            ? cause
            : cause with { Kind = _source.Causes.Find(facts with { Task = null, Woken = null }).Name };
    }

    private CauseFacts FactsOf(SenderKey key)
    {
        var function = key.Function == 0 ? null : FunctionAt(key.Function);
        return new CauseFacts
        {
            Interrupt = NameOf(key.Vector),
            Function = function,
            Class = function is null ? null : _source.Functions.Find(function)?.KickClass,
            Stack = FramesOf(key),
            Call = key.Call == CallNote.InInterrupt ? "interrupt" : CallOf(key),
            // The task that an interrupt found there has nothing to do with what it sends.
            Task = key.Call == CallNote.InInterrupt ? null : TaskName(key.Pid),
            Woken = TaskName(key.Woken),
        };
    }

    /// <summary>The functions of the sender's stack; of a work or nothing, the call site before it.</summary>
    private IReadOnlyList<string> FramesOf(SenderKey key)
    {
        if (!_stacks.TryGetValue(key.Stack, out var known))
        {
            known = key.Stack == 0 ? [] : [.. _source.Matcher.Stacks[key.Stack].Select(FunctionAt).OfType<string>()];
            _stacks.Add(key.Stack, known);
        }

        return known.Count < 2 && key.CallSite != 0 && FunctionAt(key.CallSite) is { } site ? [site, .. known] : known;
    }

    private string? FunctionAt(ulong address) => _source.Trace.Symbols.ResolveName(address)?.Split(' ', '.')[0];

    private string? TaskName(int pid) => pid > 0 ? _source.Trace.TaskNames.Find(pid) : null;

    private static IReadOnlyList<string> DependenciesOf(int bits) =>
        [.. s_dependencies.Where((_, bit) => (bits & (1 << bit)) != 0)];

    private static string NameOf(EntryCause cause) =>
        cause switch
        {
            EntryCause.FunctionCall => "function_call",
            EntryCause.Reschedule => "reschedule",
            EntryCause.IrqWork => "irq_work",
            EntryCause.OtherIpi => "other_ipi",
            EntryCause.Tick => "tick",
            EntryCause.Device => "device",
            EntryCause.Nmi => "nmi",
            EntryCause.None => "none",
            _ => "other",
        };
}
