using Lazykick.Traces.Kicks;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Reports;

/// <summary>Turns totals into a report.</summary>
internal static class ReportBuilder
{
    public static TraceReport Build(ReportSource source)
    {
        var names = source.Trace.TaskNames;
        foreach (var (pid, name) in source.Lanes.SelectMany(static lane => lane.Scanner.Names))
        {
            if (names.Find(pid) is null)
                names.Set(pid, name);
        }

        var scopes = source.Ledger.Scopes;
        var survey = new EvidenceSurvey(source);
        var namer = new CauseNamer(source);
        var breaks = new BreakReports(source, namer);
        var senders = SendersOf(source, namer);
        return new TraceReport
        {
            Trace = source.Trace,
            Events = source.Lanes.Sum(static lane => lane.Cursor.EventCount),
            Start = source.Start,
            End = source.End,
            CpusOfTrace =
            [
                .. source
                    .Cpus.Where(cpu => cpu.Records is not null || scopes.All.Any(scope => scope.Has(cpu.Cpu)))
                    .Select(static cpu => cpu.Cpu),
            ],
            Limits = TraceLimits.Of(source, survey),
            LostEvents = source.Lanes.Sum(static lane => lane.Cursor.LostEvents),
            LossGaps = source.Ledger.LossGaps,
            Damage = source.Trace.Damage,
            WorstBreaks = breaks.Worst,
            BreakCauses = breaks.Causes,
            CausesOfCpu = breaks.CausesOf,
            Devices = namer.Devices,
            WakeCauses = breaks.WakeCauses,
            Selection = ScopeOf(scopes.Selection, source, survey),
            Phases =
            [
                .. scopes
                    .All.Skip(1)
                    .Where(static scope => scope.FirstOpened != ulong.MaxValue)
                    .Select(scope => ScopeOf(scope, source, survey)),
            ],
            Senders = senders,
            SendersByTask = Sums(senders, static sender => sender.Pid < 0 ? null : sender.Task ?? "?"),
            SendersByCgroup = Sums(senders, sender => source.Trace.Cgroups.Find(sender.Pid)),
            Schemes = source.Schemes,
        };
    }

    private static ScopeReport ScopeOf(Scope scope, ReportSource source, EvidenceSurvey survey)
    {
        var rules = source.Schemes.Select(rule => (rule, source.Ledger.Skips.PolicyOf(rule))).ToList();
        var cpus = new List<CpuReport>();
        foreach (var cpu in source.Cpus)
        {
            var hasEvents = cpu.Records is not null;
            if (!source.Selection.Has(cpu.Cpu) || !(hasEvents || scope.Has(cpu.Cpu)))
                continue;
            cpus.Add(
                new CpuReport(cpu.Cpu, cpu.IsTracked, hasEvents, scope[cpu.Cpu], rules)
                {
                    Knowledge = survey.Of(scope, cpu),
                }
            );
        }

        var never = scope.FirstOpened == ulong.MaxValue;
        return new ScopeReport
        {
            Name = scope.Name,
            From = never ? 0 : scope.FirstOpened,
            To = never ? 0 : scope.LastClosed,
            Duration = scope.Duration,
            Cpus = cpus,
        };
    }

    /// <summary>One report for what tasks, calls and causes have in common; stacks that differ do not count.</summary>
    private static List<SenderReport> SendersOf(ReportSource source, CauseNamer namer)
    {
        var merged = new Dictionary<(SenderKey, string), (SenderKey Key, SenderTotals Totals)>();
        foreach (var (key, totals) in source.Ledger.Senders)
        {
            var plain = key with { Stack = 0, Woken = 0, Call = Math.Max(0, key.Call) };
            var name = namer.Of(key).Name;
            if (!merged.TryGetValue((plain, name), out var known))
                merged.Add((plain, name), known = (key, new SenderTotals()));
            known.Totals.Add(totals);
        }

        return
        [
            .. merged
                .Values.Select(one => new SenderReport(one.Key, one.Totals, source.Functions, source.Trace, namer))
                .OrderByDescending(static sender => sender.Verdict(KickVerdict.Needless))
                .ThenByDescending(static sender => sender.Kicks)
                .ThenBy(static sender => sender.Function, StringComparer.Ordinal)
                .ThenBy(static sender => sender.CallSite, StringComparer.Ordinal)
                .ThenBy(static sender => sender.Pid)
                .ThenBy(static sender => sender.SystemCall, StringComparer.Ordinal)
                .ThenBy(static sender => sender.Cause.Name, StringComparer.Ordinal),
        ];
    }

    private static List<TaskReport> Sums(List<SenderReport> senders, Func<SenderReport, string?> nameOf) =>
        [
            .. senders
                .Where(sender => nameOf(sender) is not null)
                .GroupBy(sender => nameOf(sender)!, StringComparer.Ordinal)
                .Select(static group => new TaskReport(
                    group.Key,
                    group.Select(static sender => sender.Pid).Distinct().Count(),
                    group.Sum(static sender => sender.Kicks),
                    group.Sum(static sender => sender.Interrupts),
                    group.Sum(static sender => sender.Verdict(KickVerdict.Needless)),
                    (ulong)group.Sum(static sender => (long)sender.Stolen),
                    [.. group.SelectMany(static sender => sender.Targets).Distinct().Order()]
                ))
                .OrderByDescending(static task => task.Stolen)
                .ThenByDescending(static task => task.Kicks)
                .ThenBy(static task => task.Name, StringComparer.Ordinal),
        ];
}
