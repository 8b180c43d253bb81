using Lazykick.Traces.Cpus;
using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>
/// The target's half of the joining: which interrupt was which kick's, and when its function ran (kernel/smp.c,
/// __flush_smp_call_function_queue).
/// </summary>
internal sealed class KickArrivals(CpuTimeline[] cpus, KickQueue[] queues, KickLifecycle kicks, IKickObserver observer)
{
    // Outside of interrupts only the idle loop empties the queue (kernel/sched/idle.c, do_idle).
    private const int IdleTask = 0;

    private const int MostExitsOnTheWay = 2;

    /// <summary>csd_function_entry.</summary>
    public void Run(int cpu, in CpuRecord record, ulong time)
    {
        var queue = queues[cpu];
        var index = IndexOf(queue.Outstanding, record.C, record.A);
        if (index < 0)
        {
            queue.Stray = record.A;
            return;
        }

        var kick = queue.Outstanding[index];
        queue.Running = kick;
        var frame = FunctionFrame(cpus[cpu]);
        kick.IsArrivalMissing = frame is null && record.Pid != IdleTask;
        RunAt(queue, index, frame, time);
        if (kick.Class.RunTrace == RunTrace.Batch)
            RunSilent(queue, frame, RunTrace.Batch, time);
        if (frame is null)
            RunSilent(queue, null, RunTrace.None, time);
    }

    /// <summary>csd_function_exit.</summary>
    public void Done(int cpu, in CpuRecord record, ulong time)
    {
        var queue = queues[cpu];
        if (queue.Running is { } kick && kick.Csd == record.C)
            kick.DoneTime = time;
        queue.Running = null;
    }

    /// <summary>An interrupt is over: the kicks that it served are known now, and what it hit.</summary>
    public void Settle(CpuTimeline cpu, InterruptFrame frame, ulong time)
    {
        if (!frame.Cause.IsIpi())
            return;
        var queue = queues[cpu.Cpu];
        var stray = frame.Cause == EntryCause.FunctionCall ? queue.Stray : 0;
        queue.Stray = 0;
        if (frame.Cause == EntryCause.FunctionCall && queue.Outstanding.Count > 0)
            RunSilent(queue, frame, RunTrace.None, frame.Entry);
        var ran = queue.RunAt(frame.Depth);
        if (ran.Count == 0)
        {
            SettleEmpty(cpu, queue, frame, stray, time);
            return;
        }

        queue.EmptyExpected = 0;
        Blame(cpu, queue, frame, ran[0]);
        var carried = 0;
        var newest = -1;
        foreach (var kick in ran)
        {
            Arrive(kick, frame);
            if (!kick.IsInFlight)
                continue;
            newest = Math.Max(newest, queue.InFlight.IndexOf(kick));
            carried++;
        }

        CloseMerged(queue, ran, newest);
        queue.EmptyExpected += Math.Max(0, carried - 1);
        foreach (var kick in ran)
        {
            if (kick.Delivery != KickDelivery.Unknown)
                kicks.Close(kick);
        }

        ran.Clear();
    }

    /// <summary>
    /// Interrupts sent before the newest one served here, whose work was done before, were merged with it by the
    /// hardware.
    /// </summary>
    private void CloseMerged(KickQueue queue, List<Kick> ran, int newest)
    {
        for (var i = newest; i >= 0; i--)
        {
            var kick = queue.InFlight[i];
            if (!kick.HasRun || kick.Vector != EntryCause.FunctionCall)
                continue;
            kick.IsInFlight = false;
            queue.InFlight.RemoveAt(i);
            if (!ran.Contains(kick))
                kicks.Close(kick);
        }
    }

    /// <summary>No function was seen to run: the oldest interrupt of this kind on its way is this one.</summary>
    private void SettleEmpty(CpuTimeline cpu, KickQueue queue, InterruptFrame frame, ulong stray, ulong time)
    {
        if (frame.Cause == EntryCause.FunctionCall && queue.EmptyExpected > 0)
        {
            queue.EmptyExpected--;
            return;
        }

        if (cpu.IsTracked)
            DropMissed(queue, frame);
        var index = OldestLike(queue.InFlight, frame);
        if (index < 0)
        {
            // Most irq_work is raised by the CPU itself, and kernels before 6.4 do not say so.
            if (frame.Cause == EntryCause.IrqWork)
                return;
            observer.Unattributed(cpu, frame, stray);
            if (cpu.Break.IsOpen)
                queue.Blamed ??= new SenderKey(stray, 0, -1, frame.Cause);
            return;
        }

        var kick = queue.InFlight[index];
        queue.InFlight.RemoveAt(index);
        kick.IsInFlight = false;
        Blame(cpu, queue, frame, kick);
        if (!kick.HasRun)
        {
            // Without csd events the arrival is all that is known of the run.
            if (kick.Csd != 0)
                return;
            kick.HasRun = true;
            kick.RunTime = frame.Entry;
            kick.DoneTime = time;
            queue.Outstanding.Remove(kick);
            Arrive(kick, frame);
        }

        kicks.Close(kick);
    }

    /// <summary>
    /// Nothing holds an interrupt back from a CPU outside the kernel. Of one whose target has come back from there
    /// twice since the sending, the arrival is not in the trace; without this it would be taken for a later one that
    /// somebody else sent. Of CPUs that are not tracked the returns are inferred, and this is not asked.
    /// </summary>
    private void DropMissed(KickQueue queue, InterruptFrame frame)
    {
        for (var i = queue.InFlight.Count - 1; i >= 0; i--)
        {
            var kick = queue.InFlight[i];
            if (frame.ExitsBefore - kick.ExitsAtSend < MostExitsOnTheWay)
                continue;
            queue.InFlight.RemoveAt(i);
            kick.IsInFlight = false;
            if (kick.HasRun)
            {
                kicks.Close(kick);
            }
            else if (kick.Csd == 0)
            {
                queue.Outstanding.Remove(kick);
                observer.NotArrived(kick);
                kicks.Close(kick);
            }
        }
    }

    private static int OldestLike(List<Kick> inFlight, InterruptFrame frame)
    {
        var oldest = -1;
        for (var i = 0; i < inFlight.Count; i++)
        {
            var candidate = inFlight[i];
            if (candidate.Vector != frame.Cause || candidate.QueueTime > frame.Entry)
                continue;
            if (frame.Form == VectorForm.Any || candidate.Form == frame.Form)
                return i;
            if (oldest < 0)
                oldest = i;
        }

        return oldest;
    }

    private static InterruptFrame? FunctionFrame(CpuTimeline cpu)
    {
        for (var depth = cpu.Interrupts.Depth - 1; depth >= 0; depth--)
        {
            var frame = cpu.Interrupts[depth];
            if (frame.Cause == EntryCause.OtherIpi)
            {
                // The trace has no text for the interrupt's reason; what runs in it tells.
                frame.Cause = EntryCause.FunctionCall;
                if (cpu.Break is { IsOpen: true, Interrupts: 1 })
                    cpu.Break.Cause = EntryCause.FunctionCall;
            }

            if (frame.Cause == EntryCause.FunctionCall)
                return frame;
        }

        return null;
    }

    private void RunAt(KickQueue queue, int index, InterruptFrame? frame, ulong time)
    {
        var kick = queue.Outstanding[index];
        queue.Outstanding.RemoveAt(index);
        kick.HasRun = true;
        kick.RunTime = time;
        if (frame is not null)
        {
            queue.RunAt(frame.Depth).Add(kick);
            return;
        }

        // Run without an interrupt: the idle loop empties the queue by itself before it goes on.
        kick.LeftBefore = true;
        if (kick.Delivery != KickDelivery.Unknown && !kick.IsInFlight)
            kicks.Close(kick);
    }

    /// <summary>The queue was emptied: what was in it and shows no run of its own has run.</summary>
    private void RunSilent(KickQueue queue, InterruptFrame? frame, RunTrace kind, ulong before)
    {
        for (var i = 0; i < queue.Outstanding.Count;)
        {
            var kick = queue.Outstanding[i];
            if (kick.Class.RunTrace == kind && kick.Csd != 0 && kick.QueueTime <= before)
                RunAt(queue, i, frame, before);
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

    private static void Arrive(Kick kick, InterruptFrame frame)
    {
        kick.HasArrived = true;
        kick.ArrivalTime = frame.Entry;
        kick.ArrivalState = frame.Hit;
        kick.LeftBefore = frame.ExitsBefore != kick.ExitsAtSend;
    }

    /// <summary>The first kick of a break is charged with it.</summary>
    private static void Blame(CpuTimeline cpu, KickQueue queue, InterruptFrame frame, Kick kick)
    {
        if (cpu.Break.IsOpen && cpu.Break.Cause == frame.Cause)
            queue.Blamed ??= SenderKey.Of(kick);
    }
}
