namespace Lazykick.Traces;

/// <summary>Turns totals into a report.</summary>
internal static class ReportBuilder
{
    public static TraceReport Build(
        TraceFile trace,
        AnalysisOptions options,
        EventPlan plan,
        IReadOnlyList<CpuLane> lanes,
        KickJoiner joiner
    )
    {
        foreach (var lane in lanes)
        {
            foreach (var (pid, name) in lane.Scanner.Names)
            {
                if (trace.TaskNames.Find(pid) is null)
                    trace.TaskNames.Set(pid, name);
            }
        }

        return new TraceReport
        {
            Trace = trace,
            Events = lanes.Sum(static lane => lane.Cursor.EventCount),
            Start = joiner.Start,
            End = joiner.End,
            Limits = TraceLimits.Of(trace, plan, lanes, joiner),
            LostEvents = lanes.Sum(static lane => lane.Cursor.LostEvents),
            LossGaps = joiner.LossGaps,
            Damage = trace.Damage,
            Selection = ScopeOf(joiner.Scopes.Selection, options, joiner),
            Phases =
            [
                .. joiner
                    .Scopes.All.Skip(1)
                    .Where(static scope => scope.FirstOpened != ulong.MaxValue)
                    .Select(scope => ScopeOf(scope, options, joiner)),
            ],
            Senders = [.. SendersOf(trace, options, joiner)],
            Schemes = options.Schemes,
        };
    }

    private static ScopeReport ScopeOf(Scope scope, AnalysisOptions options, KickJoiner joiner)
    {
        var cpus = new List<CpuReport>();
        foreach (var cpu in joiner.Cpus)
        {
            if (options.Cpus?.Contains(cpu.Cpu) == false || (cpu.Lane is null && !scope.Has(cpu.Cpu)))
                continue;
            cpus.Add(new CpuReport(cpu.Cpu, cpu.Tracked, cpu.Lane is not null, scope[cpu.Cpu], options.Schemes));
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

    private static IEnumerable<SenderReport> SendersOf(TraceFile trace, AnalysisOptions options, KickJoiner joiner) =>
        joiner
            .Senders.Select(sender => new SenderReport(sender.Key, sender.Value, options.Functions, trace))
            .OrderByDescending(static sender => sender.Verdict(KickVerdict.Needless))
            .ThenByDescending(static sender => sender.Kicks)
            .ThenBy(static sender => sender.Function, StringComparer.Ordinal)
            .ThenBy(static sender => sender.CallSite, StringComparer.Ordinal)
            .ThenBy(static sender => sender.Pid);
}
