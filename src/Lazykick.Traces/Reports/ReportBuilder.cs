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
        var breaks = new BreakReports(source);
        return new TraceReport
        {
            Trace = source.Trace,
            Events = source.Lanes.Sum(static lane => lane.Cursor.EventCount),
            Start = source.Start,
            End = source.End,
            CpusOfTrace =
            [
                .. source.Cpus
                    .Where(cpu => cpu.Records is not null || scopes.All.Any(scope => scope.Has(cpu.Cpu)))
                    .Select(static cpu => cpu.Cpu),
            ],
            Limits = TraceLimits.Of(source),
            LostEvents = source.Lanes.Sum(static lane => lane.Cursor.LostEvents),
            LossGaps = source.Ledger.LossGaps,
            Damage = source.Trace.Damage,
            WorstBreaks = breaks.Worst,
            BreakCauses = breaks.Causes,
            Devices = breaks.Devices,
            Selection = ScopeOf(scopes.Selection, source),
            Phases =
            [
                .. scopes.All.Skip(1)
                    .Where(static scope => scope.FirstOpened != ulong.MaxValue)
                    .Select(scope => ScopeOf(scope, source)),
            ],
            Senders = [.. SendersOf(source)],
            Schemes = source.Schemes,
        };
    }

    private static ScopeReport ScopeOf(Scope scope, ReportSource source)
    {
        var survey = new EvidenceSurvey(source);
        var rules = source.Schemes.Select(rule => (rule, source.Ledger.Skips.PolicyOf(rule))).ToList();
        var cpus = new List<CpuReport>();
        foreach (var cpu in source.Cpus)
        {
            var hasEvents = cpu.Records is not null;
            if (!source.Selection.Has(cpu.Cpu) || !(hasEvents || scope.Has(cpu.Cpu)))
                continue;
            cpus.Add(new CpuReport(cpu.Cpu, cpu.IsTracked, hasEvents, scope[cpu.Cpu], rules)
            {
                Knowledge = survey.Of(scope, cpu),
            });
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

    private static IEnumerable<SenderReport> SendersOf(ReportSource source) =>
        source.Ledger.Senders
            .Select(sender => new SenderReport(sender.Key, sender.Value, source.Functions, source.Trace))
            .OrderByDescending(static sender => sender.Verdict(KickVerdict.Needless))
            .ThenByDescending(static sender => sender.Kicks)
            .ThenBy(static sender => sender.Function, StringComparer.Ordinal)
            .ThenBy(static sender => sender.CallSite, StringComparer.Ordinal)
            .ThenBy(static sender => sender.Pid);
}
