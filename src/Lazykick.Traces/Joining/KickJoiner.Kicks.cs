namespace Lazykick.Traces;

internal sealed partial class KickJoiner
{
    // A damaged trace may queue without ever running; the oldest give way.
    private const int MostWaiting = 4096;

    private Kick NewKick(CpuLife sender, in CpuRecord record, CpuLife target, ulong time)
    {
        Advance(target, time);
        return new Kick
        {
            QueueTime = time,
            CallSite = record.B,
            Pid = record.Pid,
            Sender = sender.Cpu,
            Target = target.Cpu,
            SendState = target.State,
            ExitsAtSend = target.Exits,
            Scopes = _scopes.Open,
        };
    }

    private bool TryTarget(in CpuRecord record, out CpuLife target)
    {
        if (record.Other < _cpus.Length)
        {
            target = _cpus[record.Other];
            return true;
        }

        StrangeTargets++;
        target = null!;
        return false;
    }

    private void Classify(Kick kick, CpuLife target, FunctionClass function, ulong time)
    {
        kick.SkipClass = function.SkipClass;
        kick.Deferrability = function.Deferrability;
        kick.RunTrace = function.RunTrace;
        var now = _skips.Mask(kick.SkipClass, target.State);
        if (target.BracketOpen && target.BracketAvoided != 0)
        {
            // In schemes that did without the interrupt that the CPU is busy with, it is still where it was.
            var still = _skips.Mask(kick.SkipClass, target.BracketState);
            now = (now & ~target.BracketAvoided) | (still & target.BracketAvoided);
        }

        kick.Skip = now;
        // The event that tells the entry into such a state stands up to the slack before the change.
        if (target.State.IsOutsideKernel() && target.Since > Start && time - Math.Min(time, target.Since) < _slack)
            MarkDoubtful(kick);
        target.CatchUp |= kick.Skip;
    }

    private void OnQueue(CpuLife sender, in CpuRecord record, ulong time)
    {
        SawCsd = true;
        if (!TryTarget(record, out var target))
            return;
        // A csd cannot be queued twice: an earlier round of it has run unseen, or was not sent.
        for (var i = sender.Undecided.Count - 1; i >= 0; i--)
        {
            var earlier = sender.Undecided[i];
            if (earlier.Target == target.Cpu && earlier.CallSite == record.B)
                DecideWithoutInterrupt(sender, i);
        }

        for (var i = target.Outstanding.Count - 1; i >= 0; i--)
        {
            if (target.Outstanding[i].Csd == record.C)
            {
                CountIncomplete(target.Outstanding[i]);
                target.Outstanding.RemoveAt(i);
            }
        }

        var kick = NewKick(sender, record, target, time);
        kick.Function = record.A;
        kick.Csd = record.C;
        kick.Vector = EntryCause.FunctionCall;
        kick.FoundQueued = target.Outstanding.Count > 0;
        kick.Alone = SkippedByAll(target);
        Classify(kick, target, _functions.Find(kick.Function, kick.CallSite), time);
        Enqueue(target.Outstanding, kick);
        Enqueue(sender.Undecided, kick);
    }

    private void OnSend(CpuLife sender, in CpuRecord record, ulong time)
    {
        SawSends = true;
        var notes = (SendNotes)record.Detail;
        if (notes.HasFlag(SendNotes.Last))
            sender.RaisesToCome++;
        if (TryTarget(record, out var target))
        {
            var kick = TakeUndecided(sender, target.Cpu, record.B);
            if (kick is null)
            {
                kick = NewKick(sender, record, target, time);
                (kick.Vector, kick.Function) = _functions.FindVector(record.A, record.B);
                Classify(kick, target, _functions.FindBare(kick.Vector, kick.Function), time);
                if (kick.Vector == EntryCause.FunctionCall)
                    Enqueue(target.Outstanding, kick);
            }

            Advance(target, time);
            kick.InterruptState = target.State;
            Dispatch(target, kick, notes);
        }

        // The others of this call had work queued already and were left out of the mask.
        if (!notes.HasFlag(SendNotes.Last))
            return;
        for (var i = sender.Undecided.Count - 1; i >= 0; i--)
        {
            if (sender.Undecided[i].CallSite == record.B)
                DecideWithoutInterrupt(sender, i);
        }
    }

    /// <summary>
    /// Kernels before 6.4 tell interrupts sent by ipi_raise only, and only on arm64; later ones by both.
    /// </summary>
    private void OnRaise(CpuLife sender, in CpuRecord record, ulong time)
    {
        SawRaises = true;
        var notes = (SendNotes)record.Detail;
        if (sender.RaisesToCome > 0)
        {
            if (notes.HasFlag(SendNotes.Last))
                sender.RaisesToCome--;
            return;
        }

        if (!TryTarget(record, out var target))
            return;
        var kick = NewKick(sender, record, target, time);
        kick.Vector = (EntryCause)record.A;
        Classify(kick, target, _functions.FindBare(kick.Vector, 0), time);
        if (kick.Vector == EntryCause.FunctionCall)
            Enqueue(target.Outstanding, kick);
        kick.InterruptState = kick.SendState;
        Dispatch(target, kick, notes);
    }

    private void Dispatch(CpuLife target, Kick kick, SendNotes notes)
    {
        kick.Delivery = KickDelivery.Interrupt;
        kick.Form = notes.HasFlag(SendNotes.Many) ? VectorForm.Many : VectorForm.Single;
        kick.InFlight = true;
        // What ran already (the target emptied its queue by itself) still gets its interrupt.
        Enqueue(target.InFlight, kick);
    }

    private static Kick? TakeUndecided(CpuLife sender, int target, ulong callSite)
    {
        for (var i = sender.Undecided.Count - 1; i >= 0; i--)
        {
            var kick = sender.Undecided[i];
            if (kick.Target == target && kick.CallSite == callSite)
            {
                sender.Undecided.RemoveAt(i);
                return kick;
            }
        }

        return null;
    }

    private void OnWakeWithoutInterrupt(CpuLife sender, in CpuRecord record)
    {
        if (!TryTarget(record, out var target))
            return;
        for (var i = sender.Undecided.Count - 1; i >= 0; i--)
        {
            if (sender.Undecided[i].Target != target.Cpu)
                continue;
            sender.Undecided[i].FoundQueued = false;
            DecideWithoutInterrupt(sender, i);
            return;
        }

        Count(target, static totals => totals.WakesWithoutInterrupt++, _scopes.Open);
    }

    private void DecideWithoutInterrupt(CpuLife sender, int index)
    {
        var kick = sender.Undecided[index];
        sender.Undecided.RemoveAt(index);
        kick.Delivery = kick.FoundQueued ? KickDelivery.Coalesced : KickDelivery.WithoutInterrupt;
        if (kick.Executed && !InOpenFrame(kick))
            Count(kick);
    }

    private bool InOpenFrame(Kick kick)
    {
        var target = _cpus[kick.Target];
        for (var i = 0; i < target.Depth; i++)
        {
            if (target.Frames[i].Executed.Contains(kick))
                return true;
        }

        return false;
    }

    private void OnRun(CpuLife cpu, in CpuRecord record, ulong time)
    {
        SawCsd = true;
        var index = IndexOf(cpu.Outstanding, record.C, record.A);
        if (index < 0)
        {
            UnmatchedRuns++;
            return;
        }

        var kick = cpu.Outstanding[index];
        cpu.Running = kick;
        var frame = FunctionFrame(cpu);
        RunAt(cpu, index, frame, time);
        if (kick.RunTrace == RunTrace.Batch)
            RunSilent(cpu, frame, RunTrace.Batch, time);
        if (frame is null)
            RunSilent(cpu, null, RunTrace.None, time);
    }

    private void RunAt(CpuLife cpu, int index, InterruptFrame? frame, ulong time)
    {
        var kick = cpu.Outstanding[index];
        cpu.Outstanding.RemoveAt(index);
        kick.Executed = true;
        kick.RunTime = time;
        if (frame is not null)
        {
            frame.Executed.Add(kick);
            return;
        }

        // Run without an interrupt: the idle loop empties the queue by itself before it goes on.
        kick.LeftBefore = true;
        if (kick.Delivery != KickDelivery.Unknown && !kick.InFlight)
            Count(kick);
    }

    /// <summary>The queue was emptied: what was in it and shows no run of its own has run.</summary>
    private void RunSilent(CpuLife cpu, InterruptFrame? frame, RunTrace kind, ulong before)
    {
        for (var i = 0; i < cpu.Outstanding.Count;)
        {
            var kick = cpu.Outstanding[i];
            if (kick.RunTrace == kind && kick.Csd != 0 && kick.QueueTime <= before)
                RunAt(cpu, i, frame, before);
            else
                i++;
        }
    }

    private static int IndexOf(List<Kick> outstanding, ulong csd, ulong function)
    {
        for (var i = 0; i < outstanding.Count; i++)
        {
            if (outstanding[i].Csd == csd && outstanding[i].Function == function)
                return i;
        }

        return -1;
    }

    private static void OnDone(CpuLife cpu, in CpuRecord record, ulong time)
    {
        if (cpu.Running is { } kick && kick.Csd == record.C)
            kick.DoneTime = time;
        cpu.Running = null;
    }

    private static InterruptFrame? FunctionFrame(CpuLife cpu)
    {
        for (var i = cpu.Depth - 1; i >= 0; i--)
        {
            var frame = cpu.Frames[i];
            if (frame.Cause == EntryCause.OtherIpi)
            {
                // The trace has no text for the interrupt's reason; what runs in it tells.
                frame.Cause = EntryCause.FunctionCall;
                if (cpu.BracketOpen && cpu.BracketInterrupts == 1)
                    cpu.BracketCause = EntryCause.FunctionCall;
            }

            if (frame.Cause == EntryCause.FunctionCall)
                return frame;
        }

        return null;
    }

    /// <summary>An interrupt is over: the kicks that it served are known now, and what it hit.</summary>
    private void Settle(CpuLife cpu, InterruptFrame frame, ulong time)
    {
        if (!frame.Cause.IsIpi())
            return;
        if (frame.Cause == EntryCause.FunctionCall && cpu.Outstanding.Count > 0)
            RunSilent(cpu, frame, RunTrace.None, frame.Entry);
        if (frame.Executed.Count == 0)
        {
            SettleEmpty(cpu, frame, time);
            return;
        }

        cpu.EmptyExpected = 0;
        Note(cpu, frame, frame.Executed[0]);
        var carried = 0;
        var newest = -1;
        foreach (var kick in frame.Executed)
        {
            Arrive(kick, frame);
            if (kick.InFlight)
            {
                newest = Math.Max(newest, cpu.InFlight.IndexOf(kick));
                carried++;
            }
        }

        // Interrupts sent before the newest one served here, whose work was done before, were merged with it by the
        // hardware.
        for (var i = newest; i >= 0; i--)
        {
            var kick = cpu.InFlight[i];
            if (!kick.Executed || kick.Vector != EntryCause.FunctionCall)
                continue;
            kick.InFlight = false;
            cpu.InFlight.RemoveAt(i);
            if (!frame.Executed.Contains(kick))
                Count(kick);
        }

        cpu.EmptyExpected += Math.Max(0, carried - 1);
        foreach (var kick in frame.Executed)
        {
            if (kick.Delivery != KickDelivery.Unknown)
                Count(kick);
        }

        frame.Executed.Clear();
    }

    /// <summary>No function was seen to run: the oldest interrupt of this kind on its way is this one.</summary>
    private void SettleEmpty(CpuLife cpu, InterruptFrame frame, ulong time)
    {
        if (frame.Cause == EntryCause.FunctionCall && cpu.EmptyExpected > 0)
        {
            cpu.EmptyExpected--;
            return;
        }

        var index = -1;
        for (var i = 0; i < cpu.InFlight.Count; i++)
        {
            var candidate = cpu.InFlight[i];
            if (candidate.Vector != frame.Cause || candidate.QueueTime > frame.Entry)
                continue;
            if (index < 0)
                index = i;
            if (frame.Form == VectorForm.Any || candidate.Form == frame.Form)
            {
                index = i;
                break;
            }
        }

        if (index < 0)
        {
            CountUnattributed(cpu, frame, time);
            return;
        }

        var kick = cpu.InFlight[index];
        cpu.InFlight.RemoveAt(index);
        kick.InFlight = false;
        Note(cpu, frame, kick);
        if (!kick.Executed)
        {
            // Without csd events the arrival is all that is known of the run.
            if (kick.Csd != 0)
                return;
            kick.Executed = true;
            kick.RunTime = frame.Entry;
            kick.DoneTime = time;
            cpu.Outstanding.Remove(kick);
            Arrive(kick, frame);
        }

        Count(kick);
    }

    private static void Arrive(Kick kick, InterruptFrame frame)
    {
        kick.Arrived = true;
        kick.ArrivalTime = frame.Entry;
        kick.ArrivalState = frame.Hit;
        kick.LeftBefore = frame.ExitsBefore != kick.ExitsAtSend;
    }

    /// <summary>The first kick of a bracket is charged with it.</summary>
    private static void Note(CpuLife cpu, InterruptFrame frame, Kick kick)
    {
        if (cpu.BracketOpen && cpu.BracketSender is null && cpu.BracketCause == frame.Cause)
            cpu.BracketSender = KeyOf(kick);
    }

    private static SenderKey KeyOf(Kick kick) => new(kick.Function, kick.CallSite, kick.Pid, kick.Vector);

    private void Enqueue(List<Kick> list, Kick kick)
    {
        if (list.Count >= MostWaiting)
        {
            CountIncomplete(list[0]);
            list.RemoveAt(0);
        }

        list.Add(kick);
    }
}
