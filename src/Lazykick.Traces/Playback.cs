using System.Runtime.CompilerServices;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Names;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;
using Lazykick.Traces.Timelines;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces;

/// <summary>
/// Plays the records of all CPUs in the order of time: each to its CPU's timeline or to the joining of kicks, and what
/// these tell on to the schemes and the ledger. Memory holds what is on its way at the moment, and totals.
/// </summary>
internal sealed class Playback : ICpuObserver, IKickObserver
{
    private readonly KickQueue[] _queues;
    private readonly FunctionResolver _functions;
    private readonly SchemeDecisions _schemes;
    private readonly KickLifecycle _kicks;
    private readonly KickMatcher _matcher;
    private readonly KickArrivals _arrivals;
    private readonly CancellationToken _cancellation;
    private readonly Action<int, ulong, ulong>? _onBreak;
    private readonly ITimelineObserver? _timeline;

    public Playback(
        IReadOnlyList<CpuLane> lanes,
        int cpuCount,
        AnalysisOptions options,
        FunctionResolver functions,
        KernelThreadNames tasks,
        TaskCgroups cgroups,
        bool tellsSends,
        ulong slack,
        CancellationToken cancellation
    )
    {
        _functions = functions;
        Cgroups = cgroups;
        _cancellation = cancellation;
        _onBreak = options.OnBreak;
        _timeline = options.Timeline;
        var count = lanes.Count == 0 ? cpuCount : Math.Max(cpuCount, lanes.Max(static lane => lane.Cpu) + 1);
        var memory = new TaskMemory();
        Cpus = new CpuTimeline[count];
        foreach (var lane in lanes)
        {
            Cpus[lane.Cpu] = new CpuTimeline(lane.Cpu, new RecordCursor(lane), this, memory, tasks)
            {
                OnState = StatesOf(lane.Cpu),
            };
        }

        _queues = new KickQueue[count];
        for (var cpu = 0; cpu < count; cpu++)
        {
            Cpus[cpu] ??= new CpuTimeline(cpu, null, this, memory, tasks);
            _queues[cpu] = new KickQueue(cpu);
        }

        _schemes = new SchemeDecisions(new SkipTable(options.Schemes), _queues);
        _kicks = new KickLifecycle(Cpus, _queues, this, slack);
        _matcher = new KickMatcher(Cpus, _queues, _kicks, functions, this, slack, tellsSends);
        _arrivals = new KickArrivals(Cpus, _queues, _kicks, this);
        Ledger = new Ledger(Cpus, _schemes, options.Selection, options.OnKick);
    }

    public CpuTimeline[] Cpus { get; }

    public Ledger Ledger { get; }

    public KickMatcher Matcher => _matcher;

    /// <summary>Cgroups into which tasks were put, the last one of each.</summary>
    public TaskCgroups Cgroups { get; }

    /// <summary>Time of the first event.</summary>
    public ulong Start { get; private set; }

    /// <summary>Time of the last event.</summary>
    public ulong End { get; private set; }

    public void Run(Action<ulong>? progress)
    {
        var cursors = new List<RecordCursor>();
        Start = ulong.MaxValue;
        foreach (var cpu in Cpus)
        {
            if (cpu.Records is not { } records)
                continue;
            records.Start(_cancellation);
            Start = Math.Min(Start, records.Lane.Cursor.FirstTime ?? ulong.MaxValue);
            cursors.Add(records);
        }

        if (Start == ulong.MaxValue)
            Start = 0;
        End = Start;
        _kicks.Start = Start;
        foreach (var cpu in Cpus)
            cpu.Begin(Start);
        Ledger.Scopes.Begin(Start);

        var merge = new RecordMerge(cursors);
        while (merge.Next() is { } cursor)
            Play(Cpus[cursor.Cpu], cursor, progress);
        Finish();
    }

    /// <summary>Brings the totals up to what has been played, between two records.</summary>
    public void Settle()
    {
        AdvanceAll(End);
        Ledger.Scopes.Settle(End);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Play(CpuTimeline cpu, RecordCursor cursor, Action<ulong>? progress)
    {
        ref var record = ref cursor.Current;
        var time = Math.Max(record.Time, Start);
        if (time >= Ledger.Scopes.NextBoundary)
            CrossBoundaries(time);
        End = Math.Max(End, time);
        cpu.AdvanceToRecord();
        if (record.Kind == RecordKind.End)
        {
            cursor.PassChunk(_cancellation);
            if (!cursor.IsFinished)
                progress?.Invoke(time);
            return;
        }

        cursor.Pass();
        Dispatch(cpu, record, time);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dispatch(CpuTimeline cpu, in CpuRecord record, ulong time)
    {
        switch (record.Kind)
        {
            case RecordKind.Initial:
                cpu.SetInitial((CpuState)record.Detail);
                break;
            case RecordKind.Tracked:
                cpu.Track();
                break;
            case RecordKind.LeaveUser:
                cpu.Leave(CpuState.UserEqs, (EntryCause)record.Detail, record.Pid, time);
                break;
            case RecordKind.LeaveIdle:
                cpu.Leave(CpuState.Idle, (EntryCause)record.Detail, record.Pid, time);
                break;
            case RecordKind.LeaveGuest:
                cpu.Leave(CpuState.Guest, (EntryCause)record.Detail, record.Pid, time);
                break;
            case RecordKind.EnterIdle:
                cpu.EnterIdle((IdleNotes)record.Detail, time);
                break;
            case RecordKind.EnterGuest:
                cpu.Return(CpuState.Guest, time);
                break;
            case RecordKind.InterruptEntry:
                cpu.Interrupts.Enter(record, time);
                break;
            case RecordKind.InterruptExit:
                cpu.Interrupts.Exit(record.Detail != 0, time);
                break;
            case RecordKind.Switch:
                _queues[cpu.Cpu].Waking = 0;
                cpu.Switch(record, time);
                break;
            case RecordKind.CsdQueue:
                _matcher.Queue(cpu.Cpu, record, time);
                break;
            case RecordKind.CsdEntry:
                _arrivals.Run(cpu.Cpu, record, time);
                break;
            case RecordKind.CsdExit:
                _arrivals.Done(cpu.Cpu, record, time);
                break;
            case RecordKind.Send:
                _matcher.Send(cpu.Cpu, record, time);
                break;
            case RecordKind.Raise:
                _matcher.Raise(cpu.Cpu, record, time);
                break;
            case RecordKind.ProbeKick:
                _matcher.Announce(cpu.Cpu, record, time);
                break;
            case RecordKind.WakeWithoutIpi:
                _matcher.WakeWithoutInterrupt(cpu.Cpu, record);
                break;
            case RecordKind.Stack:
                _matcher.Stack(cpu.Cpu, cpu.Records!.StackOf(record));
                break;
            case RecordKind.TimerExpire when cpu.Break.IsOpen:
                cpu.Break.Expire(record.A);
                break;
            case RecordKind.Waking:
                _queues[cpu.Cpu].Waking = (int)record.A;
                break;
            case RecordKind.Cgroup:
                Cgroups.Add((int)record.A, cpu.Records!.TextAt((int)record.B));
                break;
            case RecordKind.Activity:
                _schemes.Worked(cpu.Cpu);
                cpu.Break.RunSoftIrq((uint)record.A);
                break;
            case RecordKind.Nmi:
                cpu.Nmi(record.Pid, time);
                break;
            case RecordKind.Phase:
                AdvanceAll(time);
                Ledger.Scopes.OnMark(cpu.Records!.TextAt((int)record.A), record.Detail != 0, time);
                break;
            case RecordKind.Lost:
                cpu.Lose(time);
                break;
        }
    }

    private void Finish()
    {
        foreach (var cpu in Cpus)
            End = Math.Max(End, cpu.Records?.Lane.Cursor.LastTime ?? 0);
        foreach (var cpu in Cpus)
        {
            cpu.Finish(End);
            _matcher.Finish(cpu.Cpu);
            cpu.Spend(End);
        }

        Ledger.Scopes.Finish(End);
    }

    private Action<CpuState, ulong, ulong>? StatesOf(int cpu)
    {
        if (_timeline is not { } timeline)
            return null;
        return (state, from, to) =>
        {
            if (Ledger.Scopes.Selection.IsOpen)
                timeline.OnState(cpu, state, from, to);
        };
    }

    /// <summary>Brings every CPU's state up to a time at which totals are taken.</summary>
    private void AdvanceAll(ulong time)
    {
        foreach (var cpu in Cpus)
        {
            cpu.Advance(time);
            cpu.Spend(time);
        }
    }

    private void CrossBoundaries(ulong time)
    {
        while (time >= Ledger.Scopes.NextBoundary)
        {
            AdvanceAll(Ledger.Scopes.NextBoundary);
            Ledger.Scopes.CrossBoundary();
        }
    }

    bool ICpuObserver.IsWaitedFor(CpuTimeline cpu) =>
        _schemes.HasDeferred(cpu.Cpu) || _queues[cpu.Cpu].Outstanding.Count != 0;

    void ICpuObserver.CameByItself(CpuTimeline cpu, long times, ulong time)
    {
        Ledger.CountOwnEntries(cpu.Cpu, times);
        _matcher.Doubt(cpu.Cpu, time);
        _schemes.CatchUp(cpu.Cpu, ~0UL);
    }

    void ICpuObserver.CameUnseen(CpuTimeline cpu) => _schemes.CatchUp(cpu.Cpu, ~0UL);

    void ICpuObserver.BreakBegan(CpuTimeline cpu, ulong time)
    {
        cpu.Break.Scopes = Ledger.Scopes.Open;
        _queues[cpu.Cpu].Blamed = null;
        _schemes.BreakBegan(cpu);
        if (cpu.Break.Cause != EntryCause.FunctionCall)
            _matcher.Doubt(cpu.Cpu, time);
    }

    void ICpuObserver.BreakEnded(CpuTimeline cpu, ulong time)
    {
        if (cpu.Break.Of is CpuState.User or CpuState.UserEqs or CpuState.Guest)
            _onBreak?.Invoke(cpu.Cpu, cpu.Break.Start, time - Math.Min(time, cpu.Break.Start));
        var avoided = _schemes.TakeAvoided(cpu.Cpu);
        Ledger.CountBreak(cpu, avoided, BlamedFor(cpu), time, _timeline);
        _schemes.CatchUp(cpu.Cpu, ~avoided);
    }

    void ICpuObserver.BreakWithdrawn(CpuTimeline cpu, ulong time)
    {
        _schemes.TakeAvoided(cpu.Cpu);
        Ledger.CountOwnEntries(cpu.Cpu, 1);
        _schemes.CatchUp(cpu.Cpu, ~0UL);
    }

    void ICpuObserver.Worked(CpuTimeline cpu) => _schemes.Worked(cpu.Cpu);

    void ICpuObserver.InterruptBegan(CpuTimeline cpu, InterruptFrame frame)
    {
        frame.Scopes = Ledger.Scopes.Open;
        _schemes.InterruptBegan(cpu, frame);
    }

    void ICpuObserver.InterruptEnded(CpuTimeline cpu, InterruptFrame frame, ulong time)
    {
        Ledger.CountInterrupt(cpu, frame);
        if (_timeline is not null && Ledger.IsSelected(frame.Scopes, cpu.Cpu))
            _timeline.OnInterrupt(new InterruptSpan(cpu.Cpu, frame.Cause, frame.Irq, frame.Hit, frame.Entry, time));
        _arrivals.Settle(cpu, frame, time);
    }

    void ICpuObserver.NmiHit(CpuTimeline cpu, CpuState hit, int pid, ulong time)
    {
        Ledger.CountNmi(cpu.Cpu, hit, pid);
        if (_timeline is not null && Ledger.IsSelected(Ledger.Scopes.Open, cpu.Cpu))
            _timeline.OnInterrupt(new InterruptSpan(cpu.Cpu, EntryCause.Nmi, -1, hit, time, time));
        if (hit.IsOutsideKernel())
            _matcher.Doubt(cpu.Cpu, time);
    }

    void ICpuObserver.EventsLost(CpuTimeline cpu, ulong since, ulong time)
    {
        Ledger.CountLoss(cpu.Cpu, since);
        _matcher.Lose(cpu.Cpu);
        _schemes.CatchUp(cpu.Cpu, ~0UL);
    }

    void IKickObserver.Asked(Kick kick, CpuTimeline target, KickQueue queue)
    {
        kick.Scopes = Ledger.Scopes.Open;
        Ledger.CountCatchUps(kick, _schemes.Ask(kick, target));
    }

    void IKickObserver.Doubted(Kick kick) => _schemes.Doubt(kick);

    void IKickObserver.Over(Kick kick) => Ledger.CountKick(kick);

    void IKickObserver.NotArrived(Kick kick) => Ledger.CountNotArrived(kick);

    void IKickObserver.Unattributed(CpuTimeline target, InterruptFrame frame, ulong function) =>
        Ledger.CountUnattributed(target, frame, function, _functions.FindBare(EntryCause.FunctionCall, function));

    /// <summary>An idle CPU that polls leaves idle without an interrupt: for who asked it to reschedule last.</summary>
    private SenderKey? BlamedFor(CpuTimeline cpu)
    {
        var queue = _queues[cpu.Cpu];
        var polledFor = queue.PolledFor;
        queue.PolledFor = null;
        return queue.Blamed ?? (cpu.Break is { Of: CpuState.Idle, Cause: EntryCause.None } ? polledFor : null);
    }

    void IKickObserver.WokenWithoutInterrupt(int target) => Ledger.CountWakeWithoutInterrupt(target);
}
