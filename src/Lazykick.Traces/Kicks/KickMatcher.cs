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
    private readonly CpuTimeline[] _cpus;
    private readonly KickQueue[] _queues;
    private readonly FunctionResolver _functions;
    private readonly IKickObserver _observer;
    private readonly SamplingClock _sampling;
    private readonly ulong _slack;

    /// <param name="cpus">The timelines of all CPUs, by number.</param>
    /// <param name="queues">Their queues.</param>
    /// <param name="functions">Classes of functions.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="slack">State events lie up to this far outside the change that they tell.</param>
    public KickMatcher(
        CpuTimeline[] cpus,
        KickQueue[] queues,
        FunctionResolver functions,
        IKickObserver observer,
        ulong slack
    )
    {
        _cpus = cpus;
        _queues = queues;
        _functions = functions;
        _observer = observer;
        _sampling = new SamplingClock(cpus.Count(static cpu => cpu.Records is not null));
        _slack = slack;
    }

    /// <summary>Call stacks of senders.</summary>
    public CallStacks Stacks { get; } = new();

    /// <summary>Time of the first event: the state before is inferred, not told by an event.</summary>
    public ulong Start { get; set; }

    /// <summary>Records that name a CPU that the trace does not have.</summary>
    public long StrangeTargets { get; private set; }

    /// <summary>Beside kicks that kprobes tell, the interrupts sent for them are told.</summary>
    public bool TellsSends { get; init; }

    public bool SawQueueing { get; private set; }

    public bool SawSends { get; private set; }

    /// <summary>An event of sending told reschedule interrupts.</summary>
    public bool SawReschedules { get; private set; }

    public bool SawRaises { get; private set; }

    /// <summary>csd_queue_cpu.</summary>
    public void Queue(int sender, in CpuRecord record, ulong time)
    {
        SawQueueing = true;
        if (!TryTarget(record, out var target))
            return;
        var (callSite, csd) = (record.B, record.C);
        var undecided = _queues[sender].Undecided;
        // A csd cannot be queued twice: an earlier round of it has run unseen, or was not sent.
        for (var i = undecided.Count - 1; i >= 0; i--)
        {
            if (undecided[i].Target == target && undecided[i].CallSite == callSite)
                DecideWithoutInterrupt(undecided, i);
        }

        var outstanding = _queues[target].Outstanding;
        for (var i = outstanding.Count - 1; i >= 0; i--)
        {
            if (outstanding[i].Csd != csd)
                continue;
            End(outstanding[i]);
            outstanding.RemoveAt(i);
        }

        var asked = _sampling.Queued(sender, record.A, callSite, target, time);
        var kick = NewKick(sender, record, target, time, asked);
        kick.SampleSpan = _sampling.SpanOf(sender);
        kick.Function = record.A;
        kick.Csd = csd;
        kick.Vector = EntryCause.FunctionCall;
        kick.FoundQueued = outstanding.Count > 0;
        Ask(kick, _functions.Find(kick.Function, callSite), time);
        if (kick.Class.RunTrace == RunTrace.Batch)
            kick.Woken = _queues[sender].Waking;
        Tell(_queues[sender], kick, isLast: true);
        Enqueue(outstanding, kick);
        Enqueue(undecided, kick);
    }

    /// <summary>ipi_send_cpu, or one target of ipi_send_cpumask.</summary>
    public void Send(int sender, in CpuRecord record, ulong time)
    {
        SawSends = true;
        var notes = (SendNotes)record.Detail;
        var from = _queues[sender];
        if (notes.HasFlag(SendNotes.Last))
        {
            from.RaisesToCome++;
            _sampling.Sent(sender);
        }

        if (TryTarget(record, out var target))
        {
            var kick = TakeUndecided(from.Undecided, target, record.B);
            if (kick is null)
            {
                kick = NewKick(sender, record, target, time, time);
                (kick.Vector, kick.Function) = _functions.FindVector(record.A, record.B);
                SawReschedules |= kick.Vector == EntryCause.Reschedule;
                if (kick.Vector == EntryCause.Reschedule)
                    kick.Woken = from.Waking;
                Ask(kick, _functions.FindBare(kick.Vector, kick.Function), time);
                if (kick.Vector == EntryCause.FunctionCall)
                    Enqueue(_queues[target].Outstanding, kick);
            }

            _cpus[target].Advance(time);
            kick.InterruptState = _cpus[target].State;
            Tell(from, kick, notes.HasFlag(SendNotes.Last));
            Dispatch(kick, notes);
        }

        // The others of this call had work queued already and were left out of the mask.
        if (!notes.HasFlag(SendNotes.Last))
            return;
        for (var i = from.Undecided.Count - 1; i >= 0; i--)
        {
            if (from.Undecided[i].CallSite == record.B)
                DecideWithoutInterrupt(from.Undecided, i);
        }
    }

    /// <summary>
    /// Kernels before 6.4 tell interrupts sent by ipi_raise only, and only on arm64; later ones by both.
    /// </summary>
    public void Raise(int sender, in CpuRecord record, ulong time)
    {
        SawRaises = true;
        var notes = (SendNotes)record.Detail;
        var from = _queues[sender];
        if (from.RaisesToCome > 0)
        {
            if (notes.HasFlag(SendNotes.Last))
                from.RaisesToCome--;
            return;
        }

        if (!TryTarget(record, out var target))
            return;
        if ((EntryCause)record.A == EntryCause.FunctionCall && TakeAnnounced(from, target) is { } announced)
        {
            Admit(announced);
            _cpus[target].Advance(time);
            announced.InterruptState = _cpus[target].State;
            Tell(from, announced, notes.HasFlag(SendNotes.Last));
            Dispatch(announced, notes);
            if (notes.HasFlag(SendNotes.Last))
                Withdraw(from);
            return;
        }

        var kick = NewKick(sender, record, target, time, time);
        kick.Vector = (EntryCause)record.A;
        if (kick.Vector == EntryCause.Reschedule)
        {
            SawReschedules = true;
            kick.Woken = from.Waking;
        }

        Tell(from, kick, notes.HasFlag(SendNotes.Last));
        Ask(kick, _functions.FindBare(kick.Vector, 0), time);
        if (kick.Vector == EntryCause.FunctionCall)
            Enqueue(_queues[target].Outstanding, kick);
        kick.InterruptState = kick.SendState;
        Dispatch(kick, notes);
    }

    /// <summary>
    /// A kprobe at a sender told a kick. Whether the target is queued for (its condition), and gets an interrupt (its
    /// queue is empty), is decided afterwards.
    /// </summary>
    public void Announce(int sender, in CpuRecord record, ulong time)
    {
        SawQueueing = true;
        if (!TryTarget(record, out var target))
            return;
        var from = _queues[sender];
        if (from.Announced.Count == 0 || from.Announced[0].QueueTime != time)
        {
            Withdraw(from);
            from.Told.Clear();
        }

        var notes = (ProbeNotes)record.Detail;
        var kick = NewKick(sender, record, target, time, time);
        kick.Function = record.A;
        kick.Class = _functions.FindSilent(record.A, notes.HasFlag(ProbeNotes.Wake));
        // Any number but 0, which csd events never have: no event names the csd.
        kick.Csd = 1;
        kick.Vector = EntryCause.FunctionCall;
        kick.FoundQueued = _queues[target].Outstanding.Count > 0;
        kick.IsConditional = notes.HasFlag(ProbeNotes.Conditional);
        if (notes.HasFlag(ProbeNotes.Wake))
            kick.Woken = from.Waking;
        if (TellsSends)
        {
            from.Announced.Add(kick);
            from.Told.Add(kick);
            from.IsTold = true;
            return;
        }

        Admit(kick);
        if (kick.FoundQueued)
            kick.Delivery = KickDelivery.Coalesced;
        else
            Dispatch(kick, SendNotes.None);
    }

    /// <summary>sched_wake_idle_without_ipi: the target polls and sees the work by itself.</summary>
    public void WakeWithoutInterrupt(int sender, in CpuRecord record)
    {
        if (!TryTarget(record, out var target))
            return;
        var undecided = _queues[sender].Undecided;
        for (var i = undecided.Count - 1; i >= 0; i--)
        {
            if (undecided[i].Target != target)
                continue;
            undecided[i].FoundQueued = false;
            _queues[target].PolledFor = SenderKey.Of(undecided[i]);
            DecideWithoutInterrupt(undecided, i);
            return;
        }

        if (TakeAnnounced(_queues[sender], target) is { } announced)
        {
            Admit(announced);
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
        foreach (var kick in _queues[cpu].Outstanding)
        {
            if (!kick.SendState.IsOutsideKernel() || time - Math.Min(time, kick.QueueTime) >= _slack)
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
            End(kick);
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
            End(kick);
    }

    /// <summary>A kick is over.</summary>
    public void Close(Kick kick)
    {
        if (kick.IsOver)
            return;
        kick.IsOver = true;
        _observer.Over(kick);
    }

    private Kick NewKick(int sender, in CpuRecord record, int target, ulong time, ulong asked)
    {
        var cpu = _cpus[target];
        cpu.Advance(time);
        return new Kick
        {
            QueueTime = time,
            SampleTime = asked,
            CallSite = record.B,
            Pid = record.Pid,
            Call = _cpus[sender].CallOf(record),
            Sender = sender,
            Target = target,
            SendState = cpu.State,
            ExitsAtSend = cpu.Exits,
        };
    }

    /// <summary>A kick that a kprobe told was really asked for.</summary>
    private void Admit(Kick kick)
    {
        Ask(kick, kick.Class, kick.QueueTime);
        Enqueue(_queues[kick.Target].Outstanding, kick);
    }

    private static Kick? TakeAnnounced(KickQueue from, int target)
    {
        var index = from.Announced.FindIndex(kick => kick.Target == target);
        if (index < 0)
            return null;
        var kick = from.Announced[index];
        from.Announced.RemoveAt(index);
        return kick;
    }

    /// <summary>
    /// No interrupt was sent to the CPUs that are left: they have work queued already, on which the kick rides, or did
    /// not need it.
    /// </summary>
    private void Withdraw(KickQueue from)
    {
        foreach (var kick in from.Announced)
        {
            if (!kick.FoundQueued || kick.IsConditional || _queues[kick.Target].Outstanding.Count == 0)
                continue;
            Admit(kick);
            kick.Delivery = KickDelivery.Coalesced;
        }

        from.Announced.Clear();
    }

    private static void Tell(KickQueue from, Kick kick, bool isLast)
    {
        if (from.IsTold)
            from.Told.Clear();
        from.Told.Add(kick);
        from.IsTold = isLast;
    }

    private bool TryTarget(in CpuRecord record, out int target)
    {
        target = record.Other;
        if (target < _cpus.Length)
            return true;
        StrangeTargets++;
        return false;
    }

    private void Ask(Kick kick, FunctionClass function, ulong time)
    {
        kick.Class = function;
        var target = _cpus[kick.Target];
        // The event that tells the entry into such a state comes up to the slack before the change.
        kick.IsDoubtful =
            target.State.IsOutsideKernel() && target.Since > Start && time - Math.Min(time, target.Since) < _slack;
        _observer.Asked(kick, target, _queues[kick.Target]);
    }

    private void Dispatch(Kick kick, SendNotes notes)
    {
        kick.Delivery = KickDelivery.Interrupt;
        kick.Form = notes.HasFlag(SendNotes.Many) ? VectorForm.Many : VectorForm.Single;
        kick.IsInFlight = true;
        // What ran already (the target emptied its queue by itself) still gets its interrupt.
        Enqueue(_queues[kick.Target].InFlight, kick);
    }

    private static Kick? TakeUndecided(List<Kick> undecided, int target, ulong callSite)
    {
        for (var i = undecided.Count - 1; i >= 0; i--)
        {
            var kick = undecided[i];
            if (kick.Target != target || kick.CallSite != callSite)
                continue;
            undecided.RemoveAt(i);
            return kick;
        }

        return null;
    }

    private void DecideWithoutInterrupt(List<Kick> undecided, int index)
    {
        var kick = undecided[index];
        undecided.RemoveAt(index);
        kick.Delivery = kick.FoundQueued ? KickDelivery.Coalesced : KickDelivery.WithoutInterrupt;
        if (kick.HasRun && !RunsNow(kick))
            Close(kick);
    }

    private bool RunsNow(Kick kick)
    {
        var queue = _queues[kick.Target];
        for (var depth = 0; depth < _cpus[kick.Target].Interrupts.Depth; depth++)
        {
            if (queue.RunAt(depth).Contains(kick))
                return true;
        }

        return false;
    }

    private void Enqueue(List<Kick> list, Kick kick)
    {
        if (KickQueue.Enqueue(list, kick) is { } oldest)
            End(oldest);
    }

    /// <summary>A kick whose way the trace does not show to the end is over with what is known.</summary>
    private void End(Kick kick)
    {
        kick.IsInFlight = false;
        Close(kick);
    }
}
