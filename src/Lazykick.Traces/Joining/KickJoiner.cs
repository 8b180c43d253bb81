using System.Runtime.CompilerServices;

namespace Lazykick.Traces;

/// <summary>
/// Goes through the records of all CPUs in the order of time, knows the state of each CPU at every moment, joins
/// queueing, sending, arrival and run of every kick, and keeps the totals. What
/// it keeps in memory is what is on its way at the moment, and totals: nothing grows with the trace.
/// </summary>
internal sealed partial class KickJoiner
{
    private const int MostSenders = 8192;

    private readonly CpuLife[] _cpus;
    private readonly SkipTable _skips;
    private readonly FunctionResolver _functions;
    private readonly KernelThreadNames _tasks;
    private readonly AnalysisOptions _options;
    private readonly ulong _slack;
    private readonly CancellationToken _cancellation;
    private readonly TaskModes _modes = new();
    private readonly ScopeSet _scopes;
    private readonly Dictionary<SenderKey, SenderTotals> _senders = [];
    private readonly SenderTotals _otherSenders = new();
    private readonly bool[] _reported;

    private readonly CpuLife[] _heap;
    private int _heapCount;
    private ulong _now;

    public KickJoiner(
        IReadOnlyList<CpuLane> lanes,
        int cpuCount,
        SkipTable skips,
        FunctionResolver functions,
        KernelThreadNames tasks,
        AnalysisOptions options,
        ulong slack,
        CancellationToken cancellation
    )
    {
        var count = cpuCount;
        foreach (var lane in lanes)
            count = Math.Max(count, lane.Cpu + 1);
        _cpus = new CpuLife[count];
        foreach (var lane in lanes)
            _cpus[lane.Cpu] = new CpuLife(lane.Cpu, lane);
        for (var cpu = 0; cpu < count; cpu++)
            _cpus[cpu] ??= new CpuLife(cpu, null);
        _reported = new bool[count];
        for (var cpu = 0; cpu < count; cpu++)
            _reported[cpu] = options.Cpus is null || options.Cpus.Contains(cpu);
        _skips = skips;
        _functions = functions;
        _tasks = tasks;
        _options = options;
        _slack = slack;
        _cancellation = cancellation;
        _heap = new CpuLife[lanes.Count];
        _scopes = new ScopeSet(_cpus, skips.Bits, options);
    }

    public IReadOnlyList<CpuLife> Cpus => _cpus;

    public ScopeSet Scopes => _scopes;

    public IReadOnlyDictionary<SenderKey, SenderTotals> Senders => _senders;

    /// <summary>Senders beyond the table's size, together.</summary>
    public SenderTotals OtherSenders => _otherSenders;

    public ulong Start { get; private set; }

    public ulong End { get; private set; }

    public long LossGaps { get; private set; }

    /// <summary>Functions that ran on a target without having been seen queued.</summary>
    public long UnmatchedRuns { get; private set; }

    /// <summary>Records that name a CPU the trace does not have.</summary>
    public long StrangeTargets { get; private set; }

    public bool SawCsd { get; private set; }

    public bool SawSends { get; private set; }

    public bool SawRaises { get; private set; }

    public void Run(Action<ulong>? progress)
    {
        Start = ulong.MaxValue;
        foreach (var cpu in _cpus)
        {
            if (cpu.Lane is null)
                continue;
            cpu.Chunk = cpu.Lane.Take(null, _cancellation);
            Start = Math.Min(Start, FirstTime(cpu.Chunk));
            _heap[_heapCount++] = cpu;
        }

        if (Start == ulong.MaxValue)
            Start = 0;
        _now = Start;
        foreach (var cpu in _cpus)
            cpu.Since = Start;
        _scopes.Begin(Start);
        Array.Sort(
            _heap,
            0,
            _heapCount,
            Comparer<CpuLife>.Create(
                static (a, b) =>
                    IsBefore(a, b) ? -1
                    : IsBefore(b, a) ? 1
                    : 0
            )
        );

        while (_heapCount > 0)
        {
            var cpu = _heap[0];
            var second =
                _heapCount > 2 && IsBefore(_heap[2], _heap[1]) ? _heap[2]
                : _heapCount > 1 ? _heap[1]
                : null;
            do Process(cpu, progress);
            while (!cpu.Finished && (second is null || IsBefore(cpu, second)));
            if (cpu.Finished)
            {
                if (--_heapCount == 0)
                    break;
                SiftDown(_heap[_heapCount]);
            }
            else
            {
                SiftDown(cpu);
            }
        }

        Finish();
    }

    private static ulong FirstTime(CpuChunk chunk)
    {
        var first = ulong.MaxValue;
        for (var i = 0; i < chunk.RecordCount && first == ulong.MaxValue; i++)
        {
            if (chunk.Records[i].Kind != RecordKind.Initial)
                first = chunk.Records[i].Time;
        }

        return chunk.StepCount > 0 ? Math.Min(first, chunk.Steps[0] >> 2) : first;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Process(CpuLife cpu, Action<ulong>? progress)
    {
        ref var record = ref cpu.Chunk.Records[cpu.RecordIndex];
        var time = Math.Max(record.Time, Start);
        if (time >= _scopes.NextBoundary)
            CrossBoundaries(time);
        _now = Math.Max(_now, time);
        if (record.Kind == RecordKind.End)
        {
            AdvanceTo(cpu, cpu.Chunk.StepCount);
            cpu.Finished = record.Detail != 0;
            if (!cpu.Finished)
            {
                _cancellation.ThrowIfCancellationRequested();
                cpu.Chunk = cpu.Lane!.Take(cpu.Chunk, _cancellation);
                (cpu.RecordIndex, cpu.StepIndex) = (0, 0);
                progress?.Invoke(time);
            }

            return;
        }

        AdvanceTo(cpu, record.StepsBefore);
        cpu.RecordIndex++;
        Dispatch(cpu, record, time);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dispatch(CpuLife cpu, in CpuRecord record, ulong time)
    {
        switch (record.Kind)
        {
            case RecordKind.Initial:
                cpu.State = (CpuState)record.Detail;
                break;
            case RecordKind.Tracked:
                OnTracked(cpu);
                break;
            case RecordKind.LeaveUser:
                OnLeave(cpu, CpuState.UserEqs, (EntryCause)record.Detail, time);
                break;
            case RecordKind.LeaveIdle:
                OnLeave(cpu, CpuState.Idle, (EntryCause)record.Detail, time);
                break;
            case RecordKind.LeaveGuest:
                OnLeave(cpu, CpuState.Guest, (EntryCause)record.Detail, time);
                break;
            case RecordKind.EnterIdle:
                OnReturn(cpu, CpuState.Idle, time);
                cpu.Polling = record.Detail != 0;
                break;
            case RecordKind.EnterGuest:
                OnReturn(cpu, CpuState.Guest, time);
                break;
            case RecordKind.InterruptEntry:
                OnInterruptEntry(cpu, record, time);
                break;
            case RecordKind.InterruptExit:
                OnInterruptExit(cpu, record.Detail != 0, time);
                break;
            case RecordKind.Switch:
                OnSwitch(cpu, record, time);
                break;
            case RecordKind.CsdQueue:
                OnQueue(cpu, record, time);
                break;
            case RecordKind.CsdEntry:
                OnRun(cpu, record, time);
                break;
            case RecordKind.CsdExit:
                OnDone(cpu, record, time);
                break;
            case RecordKind.Send:
                OnSend(cpu, record, time);
                break;
            case RecordKind.Raise:
                OnRaise(cpu, record, time);
                break;
            case RecordKind.WakeWithoutIpi:
                OnWakeWithoutInterrupt(cpu, record);
                break;
            case RecordKind.Activity:
                cpu.BracketAvoided = 0;
                break;
            case RecordKind.Nmi:
                OnNmi(cpu, time);
                break;
            case RecordKind.Phase:
                AdvanceAll(time);
                _scopes.OnMark(cpu.Chunk.Texts[(int)record.A], record.Detail != 0, time);
                break;
            case RecordKind.Lost:
                OnLost(cpu, time);
                break;
        }
    }

    /// <summary>Brings every CPU's state up to a time at which totals are taken.</summary>
    private void AdvanceAll(ulong time)
    {
        foreach (var cpu in _cpus)
        {
            Advance(cpu, time);
            Spend(cpu, time);
        }
    }

    private void CrossBoundaries(ulong time)
    {
        while (time >= _scopes.NextBoundary)
        {
            AdvanceAll(_scopes.NextBoundary);
            _scopes.CrossBoundary();
        }
    }

    private static bool IsBefore(CpuLife a, CpuLife b)
    {
        ref var left = ref a.Chunk.Records[a.RecordIndex];
        ref var right = ref b.Chunk.Records[b.RecordIndex];
        return left.Time != right.Time ? left.Time < right.Time : a.Cpu < b.Cpu;
    }

    private void SiftDown(CpuLife cpu)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _heapCount)
                break;
            if (child + 1 < _heapCount && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], cpu))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = cpu;
    }
}
