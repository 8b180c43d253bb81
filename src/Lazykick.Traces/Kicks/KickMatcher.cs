using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>
/// The sender's half of the joining: what was queued for whom (csd_queue_cpu), whether an interrupt was sent for it
/// (ipi_send_*, ipi_raise), and what became of it where none was. <see cref="KickArrivals"/> is the target's half.
/// </summary>
internal sealed class KickMatcher
{
    // How much later a kick may be queued than another one that stands after it: 10 ms, far more than a sender takes.
    private const ulong MostDisorder = 10_000_000;

    private readonly CpuTimeline[] _cpus;
    private readonly KickQueue[] _queues;
    private readonly KickLifecycle _kicks;
    private readonly UndecidedKicks _undecided;
    private readonly AnnouncedKicks _announced;
    private readonly FunctionResolver _functions;
    private readonly IKickObserver _observer;
    private readonly SamplingClock _sampling;
    private readonly ulong _slack;

    /// <param name="cpus">The timelines of all CPUs, by number.</param>
    /// <param name="queues">Their queues.</param>
    /// <param name="kicks">What happens to each kick.</param>
    /// <param name="functions">Classes of functions.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="slack">State events lie up to this far outside the change that they tell.</param>
    /// <param name="tellsSends">Beside kicks that kprobes tell, the interrupts sent for them are told.</param>
    public KickMatcher(
        CpuTimeline[] cpus,
        KickQueue[] queues,
        KickLifecycle kicks,
        FunctionResolver functions,
        IKickObserver observer,
        ulong slack,
        bool tellsSends
    )
    {
        _cpus = cpus;
        _queues = queues;
        _kicks = kicks;
        _undecided = new UndecidedKicks(cpus, queues, kicks);
        _announced = new AnnouncedKicks(queues, kicks, functions, tellsSends);
        _functions = functions;
        _observer = observer;
        _sampling = new SamplingClock(cpus.Count(static cpu => cpu.Records is not null));
        _slack = slack;
    }

    /// <summary>Call stacks of senders.</summary>
    public CallStacks Stacks { get; } = new();

    /// <summary>Records that name a CPU that the trace does not have.</summary>
    public long StrangeTargets => _kicks.StrangeTargets;

    /// <summary>An event of sending told reschedule interrupts.</summary>
    public bool SawReschedules { get; private set; }

    /// <summary>csd_queue_cpu.</summary>
    public void Queue(int sender, in CpuRecord record, ulong time)
    {
        if (!_kicks.TryTarget(record, out var target))
            return;
        var (callSite, csd) = (record.B, record.C);
        var undecided = _queues[sender].Undecided;
        // A csd cannot be queued twice: an earlier round of it has run unseen, or was not sent.
        for (var i = undecided.Count - 1; i >= 0; i--)
        {
            if (undecided[i].Target == target && undecided[i].CallSite == callSite)
                _undecided.DecideWithoutInterrupt(undecided, i);
        }

        var outstanding = _queues[target].Outstanding;
        for (var i = outstanding.Count - 1; i >= 0; i--)
        {
            if (outstanding[i].Csd != csd)
                continue;
            _kicks.End(outstanding[i]);
            outstanding.RemoveAt(i);
        }

        var asked = _sampling.Queued(sender, record.A, callSite, target, time);
        var kick = _kicks.New(sender, record, target, time, asked);
        kick.SampleSpan = _sampling.SpanOf(sender);
        kick.Function = record.A;
        kick.Csd = csd;
        kick.Vector = EntryCause.FunctionCall;
        kick.FoundQueued = outstanding.Count > 0;
        _kicks.Ask(kick, _functions.Find(kick.Function, callSite), time);
        if (kick.Class.RunTrace == RunTrace.Batch)
            kick.Woken = _queues[sender].Waking;
        KickLifecycle.Tell(_queues[sender], kick, isLast: true);
        _kicks.Enqueue(outstanding, kick);
        _kicks.Enqueue(undecided, kick);
    }

    /// <summary>ipi_send_cpu, or one target of ipi_send_cpumask.</summary>
    public void Send(int sender, in CpuRecord record, ulong time)
    {
        var notes = (SendNotes)record.Detail;
        var from = _queues[sender];
        if (notes.HasFlag(SendNotes.Last))
        {
            from.RaisesToCome++;
            _sampling.Sent(sender);
        }

        if (_kicks.TryTarget(record, out var target))
        {
            var kick = UndecidedKicks.Take(from.Undecided, target, record.B);
            if (kick is null)
            {
                kick = _kicks.New(sender, record, target, time, time);
                (kick.Vector, kick.Function) = _functions.FindVector(record.A, record.B);
                SawReschedules |= kick.Vector == EntryCause.Reschedule;
                if (kick.Vector == EntryCause.Reschedule)
                    kick.Woken = from.Waking;
                _kicks.Ask(kick, _functions.FindBare(kick.Vector, kick.Function), time);
                if (kick.Vector == EntryCause.FunctionCall)
                    _kicks.Enqueue(_queues[target].Outstanding, kick);
            }

            _cpus[target].Advance(time);
            kick.InterruptState = _cpus[target].State;
            KickLifecycle.Tell(from, kick, notes.HasFlag(SendNotes.Last));
            _kicks.Dispatch(kick, notes);
        }

        // The others of this call had work queued already and were left out of the mask.
        if (!notes.HasFlag(SendNotes.Last))
            return;
        for (var i = from.Undecided.Count - 1; i >= 0; i--)
        {
            if (from.Undecided[i].CallSite == record.B)
                _undecided.DecideWithoutInterrupt(from.Undecided, i);
        }
    }

    /// <summary>
    /// Kernels before 6.4 tell interrupts sent by ipi_raise only, and only on arm64; later ones by both.
    /// </summary>
    public void Raise(int sender, in CpuRecord record, ulong time)
    {
        var notes = (SendNotes)record.Detail;
        var from = _queues[sender];
        if (from.RaisesToCome > 0)
        {
            if (notes.HasFlag(SendNotes.Last))
                from.RaisesToCome--;
            return;
        }

        if (!_kicks.TryTarget(record, out var target))
            return;
        if ((EntryCause)record.A == EntryCause.FunctionCall && AnnouncedKicks.Take(from, target) is { } announced)
        {
            _announced.Admit(announced);
            _cpus[target].Advance(time);
            announced.InterruptState = _cpus[target].State;
            KickLifecycle.Tell(from, announced, notes.HasFlag(SendNotes.Last));
            _kicks.Dispatch(announced, notes);
            if (notes.HasFlag(SendNotes.Last))
                _announced.Withdraw(from);
            return;
        }

        var kick = _kicks.New(sender, record, target, time, time);
        kick.Vector = (EntryCause)record.A;
        if (kick.Vector == EntryCause.Reschedule)
        {
            SawReschedules = true;
            kick.Woken = from.Waking;
        }

        KickLifecycle.Tell(from, kick, notes.HasFlag(SendNotes.Last));
        _kicks.Ask(kick, _functions.FindBare(kick.Vector, 0), time);
        if (kick.Vector == EntryCause.FunctionCall)
            _kicks.Enqueue(_queues[target].Outstanding, kick);
        kick.InterruptState = kick.SendState;
        _kicks.Dispatch(kick, notes);
    }

    /// <summary>A kprobe at a sender told a kick.</summary>
    public void Announce(int sender, in CpuRecord record, ulong time)
    {
        _announced.Announce(sender, record, time);
    }

    /// <summary>sched_wake_idle_without_ipi: the target polls and sees the work by itself.</summary>
    public void WakeWithoutInterrupt(int sender, in CpuRecord record)
    {
        if (!_kicks.TryTarget(record, out var target))
            return;
        var undecided = _queues[sender].Undecided;
        for (var i = undecided.Count - 1; i >= 0; i--)
        {
            if (undecided[i].Target != target)
                continue;
            undecided[i].FoundQueued = false;
            _queues[target].PolledFor = SenderKey.Of(undecided[i]);
            _undecided.DecideWithoutInterrupt(undecided, i);
            return;
        }

        if (AnnouncedKicks.Take(_queues[sender], target) is { } announced)
        {
            _announced.Admit(announced);
            announced.Delivery = KickDelivery.WithoutInterrupt;
            _queues[target].PolledFor = SenderKey.Of(announced);
            return;
        }

        _queues[target].PolledFor = new SenderKey(0, 0, record.Pid, EntryCause.None) { Woken = _queues[sender].Waking };
        _observer.WokenWithoutInterrupt(target);
    }

    /// <summary>The call stack of the event that a CPU told last.</summary>
    public void Stack(int sender, ulong[] frames)
    {
        var id = Stacks.IdOf(frames);
        foreach (var kick in _queues[sender].Told)
            (kick.Stack, kick.Frames) = (id, Stacks[id]);
    }

    /// <summary>
    /// A CPU came into the kernel. State events lie up to the slack outside the change that they tell: a kick that was
    /// sent that close before may have found the kernel.
    /// </summary>
    public void Doubt(int cpu, ulong time)
    {
        // The newest are last, but for kicks that were announced a little earlier. Those whose run the trace does not
        // have stay for long: a perf.data of 25 million events had thousands of them.
        var outstanding = _queues[cpu].Outstanding;
        for (var at = outstanding.Count - 1; at >= 0; at--)
        {
            var kick = outstanding[at];
            var age = time - Math.Min(time, kick.QueueTime);
            if (age >= MostDisorder)
                break;
            if (!kick.SendState.IsOutsideKernel() || age >= _slack)
                continue;
            kick.IsDoubtful = true;
            _observer.Doubted(kick);
        }
    }

    /// <summary>Events of a CPU are missing: what was on its way to it may have arrived unseen.</summary>
    public void Lose(int cpu)
    {
        var queue = _queues[cpu];
        foreach (var kick in queue.Outstanding)
            _kicks.End(kick);
        queue.Clear();
    }

    /// <summary>The trace is over: what is on its way is counted with what is known.</summary>
    public void Finish(int cpu)
    {
        var queue = _queues[cpu];
        foreach (var kick in queue.InFlight)
        {
            if (!kick.HasRun)
                _observer.NotArrived(kick);
        }

        foreach (var kick in queue.Outstanding.Concat(queue.InFlight).Concat(queue.Undecided))
            _kicks.End(kick);
    }
}
