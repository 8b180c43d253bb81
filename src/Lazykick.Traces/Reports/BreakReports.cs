using System.Globalization;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>Gives names to breaks.</summary>
internal sealed class BreakReports
{
    private readonly ReportSource _source;
    private readonly Dictionary<int, string> _devices = [];

    public BreakReports(ReportSource source)
    {
        _source = source;
        foreach (var (number, name) in source.Lanes.SelectMany(static lane => lane.Scanner.IrqNames))
            _devices.TryAdd(number, name);
    }

    /// <summary>Names of device interrupts by their numbers.</summary>
    public IReadOnlyDictionary<int, string> Devices => _devices;

    /// <summary>The longest, the longest first.</summary>
    public IReadOnlyList<BreakReport> Worst => [.. _source.Ledger.Breaks.Worst.Select(Of)];

    /// <summary>All by cause, the one that stole most time first.</summary>
    public IReadOnlyList<BreakCauseReport> Causes =>
        [
            .. _source.Ledger.Breaks.Causes
                .GroupBy(cause => (cause.Key.Cause, Function: Name(cause.Key.Function), Device(cause.Key)))
                .Select(group => new BreakCauseReport(
                    group.Key.Cause,
                    group.Key.Function,
                    group.Key.Item3,
                    group.Key.Function is { } name ? _source.Functions.Find(name) : null,
                    group.Sum(static cause => cause.Value.Count),
                    (ulong)group.Sum(static cause => (long)cause.Value.Time),
                    group.Max(static cause => cause.Value.Longest)))
                .OrderByDescending(static cause => cause.Time)
                .ThenBy(static cause => cause.Cause)
                .ThenBy(static cause => cause.Function, StringComparer.Ordinal),
        ];

    private BreakReport Of(BreakDetail detail)
    {
        var sender = detail.Blamed;
        return new BreakReport
        {
            Cpu = detail.Cpu,
            Start = detail.Start,
            Duration = detail.Duration,
            Of = detail.Of,
            Chain = [.. detail.Chain.Select(step => (step.Cause, Device(new BreakKey(step.Cause, 0, step.Irq))))],
            Task = TaskOf(detail.Pid),
            Sender = sender is { Pid: >= 0 } known ? TaskOf(known.Pid) : null,
            Function = Name(sender?.Function ?? 0),
            CallSite = sender is { CallSite: not 0 } from ? _source.Trace.Symbols.Describe(from.CallSite) : null,
        };
    }

    private string TaskOf(int pid) =>
        string.Create(CultureInfo.InvariantCulture, $"{_source.Trace.TaskNames.Find(pid) ?? "?"}-{pid}");

    private string? Name(ulong function) => function == 0 ? null : _source.Trace.Symbols.Describe(function);

    private string? Device(BreakKey key) =>
        key.Cause == EntryCause.Device && key.Irq >= 0 ? _devices.GetValueOrDefault(key.Irq) : null;
}
