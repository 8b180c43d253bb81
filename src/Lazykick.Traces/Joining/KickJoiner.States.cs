using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Traces;

internal sealed partial class KickJoiner
{
    private static void Spend(CpuLife cpu, ulong time)
    {
        if (time <= cpu.Since)
            return;
        cpu.Times[(int)cpu.State] += time - cpu.Since;
        cpu.Since = time;
    }

    private static void Set(CpuLife cpu, CpuState state, ulong time)
    {
        Spend(cpu, time);
        cpu.State = state;
    }

    private static CpuState StateOf(CpuLife cpu) =>
        cpu.Mode switch
        {
            TaskMode.User => cpu.Tracked ? CpuState.UserEqs : CpuState.User,
            TaskMode.Unknown => CpuState.Unknown,
            _ => CpuState.Kernel,
        };

    /// <summary>
    /// Applies the steps up to a time that another CPU has reached, but none behind the CPU's own next record.
    /// </summary>
    private void Advance(CpuLife cpu, ulong time)
    {
        if (cpu.Finished || cpu.Lane is null)
            return;
        var limit = cpu.Chunk.Records[cpu.RecordIndex].StepsBefore;
        var steps = cpu.Chunk.Steps;
        var end = cpu.StepIndex;
        while (end < limit && (steps[end] >> 2) <= time)
            end++;
        AdvanceTo(cpu, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AdvanceTo(CpuLife cpu, int end)
    {
        var at = cpu.StepIndex;
        if (at >= end)
            return;
        cpu.StepIndex = end;
        var steps = cpu.Chunk.Steps.AsSpan(at, end - at);
        if (cpu.Tracked | cpu.BracketOpen | cpu.Depth != 0 | cpu.CatchUp != 0 | cpu.Outstanding.Count != 0)
        {
            foreach (var step in steps)
                Step(cpu, step >> 2, (StepCode)(step & 3));
            return;
        }

        // The storm case: system calls of a CPU that nobody is interested in at the moment.
        var since = cpu.Since;
        var state = (int)cpu.State;
        var times = cpu.Times;
        long exits = 0;
        foreach (var step in steps)
        {
            var time = Math.Max(step >> 2, since);
            times[state] += time - since;
            since = time;
            var toUser = (step & 3) == (ulong)StepCode.User;
            if (!toUser && state >= (int)CpuState.User)
                exits++;
            state = toUser ? (int)CpuState.User : (int)CpuState.Kernel;
        }

        cpu.Since = since;
        cpu.State = (CpuState)state;
        cpu.Mode = state == (int)CpuState.User ? TaskMode.User : TaskMode.SystemCall;
        if (exits > 0)
            CountSelfExits(cpu, exits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(CpuLife cpu, ulong time, StepCode code)
    {
        time = Math.Max(time, cpu.Since);
        if (cpu.Depth > 0)
            DropFrames(cpu, time); // the end of an interrupt was lost: no task's own doing happens inside one
        if (code == StepCode.User)
        {
            cpu.Mode = TaskMode.User;
            OnReturn(cpu, cpu.Tracked ? CpuState.UserEqs : CpuState.User, time);
            return;
        }

        cpu.Mode = code == StepCode.SystemCall ? TaskMode.SystemCall : TaskMode.User;
        if (cpu.BracketOpen)
        {
            // Inside a bracket the task can only have come back unseen.
            cpu.BracketAvoided = 0;
            CloseBracket(cpu, time);
        }

        if (cpu.State.IsOutsideKernel())
        {
            cpu.Exits++;
            CountSelfExits(cpu, 1);
            Doubt(cpu, time);
            CatchUp(cpu, ~0UL);
        }

        Set(cpu, CpuState.Kernel, time);
    }

    private void CountSelfExits(CpuLife cpu, long count)
    {
        foreach (var scope in _scopes.Of(_scopes.Open))
            scope[cpu.Cpu].SelfExits += count;
    }

    private static void OnTracked(CpuLife cpu)
    {
        cpu.Tracked = true;
        if (cpu.State == CpuState.User)
            cpu.State = CpuState.UserEqs;
    }

    /// <summary>A state event says that the CPU left a state outside the kernel, and the next event said why.</summary>
    private void OnLeave(CpuLife cpu, CpuState from, EntryCause cause, ulong time)
    {
        if (cpu.BracketOpen && cpu.BracketState == from)
        {
            // x86 says that idle ended after the interrupt that ended it.
            cpu.BracketLeft = true;
        }
        else
        {
            if (cpu.BracketOpen)
                CloseBracket(cpu, time);
            OpenBracket(cpu, from, cause, time);
            cpu.BracketLeft = true;
        }

        Set(cpu, CpuState.Kernel, time);
    }

    /// <summary>The CPU is back outside the kernel.</summary>
    private void OnReturn(CpuLife cpu, CpuState state, ulong time)
    {
        if (cpu.BracketOpen)
            CloseBracket(cpu, time);
        Set(cpu, state, time);
    }

    private void OpenBracket(CpuLife cpu, CpuState from, EntryCause cause, ulong time)
    {
        cpu.BracketOpen = true;
        cpu.BracketState = from;
        cpu.BracketCause = cause;
        cpu.BracketStart = time;
        cpu.BracketExits = cpu.Exits;
        cpu.BracketInterrupts = 0;
        cpu.BracketLeft = false;
        cpu.BracketScopes = _scopes.Open;
        cpu.BracketSender = null;
        cpu.BracketAvoided = cause == EntryCause.FunctionCall ? SkippedByAll(cpu) : 0;
        cpu.Exits++;
        if (cause != EntryCause.FunctionCall)
            Doubt(cpu, time);
    }

    /// <summary>
    /// Schemes that skip everything that waits for this CPU: an interrupt that comes now does not come in them.
    /// </summary>
    private static ulong SkippedByAll(CpuLife cpu)
    {
        if (cpu.Outstanding.Count == 0)
            return 0;
        var all = ~0UL;
        foreach (var kick in cpu.Outstanding)
            all &= kick.Skip;
        return all;
    }

    private void CloseBracket(CpuLife cpu, ulong time)
    {
        cpu.BracketOpen = false;
        var duration = time - Math.Min(time, cpu.BracketStart);
        var at = CpuTotals.At(cpu.BracketCause, cpu.BracketState);
        foreach (var scope in _scopes.Of(cpu.BracketScopes))
        {
            var totals = scope[cpu.Cpu];
            totals.Breaks[at]++;
            totals.BreakTimes[at] += duration;
            for (var rest = cpu.BracketAvoided; rest != 0; rest &= rest - 1)
            {
                ref var scheme = ref totals.Schemes[BitOperations.TrailingZeroCount(rest)];
                scheme.StolenAvoided += duration;
                switch (cpu.BracketState)
                {
                    case CpuState.Idle:
                        scheme.IdleWakesAvoided++;
                        break;
                    case CpuState.Guest:
                        scheme.GuestExitsAvoided++;
                        break;
                    default:
                        scheme.UserBreaksAvoided++;
                        break;
                }
            }
        }

        if (cpu.BracketSender is { } sender && (cpu.BracketScopes & 1) != 0 && _reported[cpu.Cpu])
            SenderOf(sender).Stolen += duration;
        CatchUp(cpu, ~cpu.BracketAvoided);
        cpu.BracketAvoided = 0;
    }

    /// <summary>
    /// In these schemes the CPU really comes into the kernel: deferred work is done, all of it at once.
    /// </summary>
    private void CatchUp(CpuLife cpu, ulong schemes)
    {
        var due = cpu.CatchUp & schemes;
        if (due == 0)
            return;
        cpu.CatchUp &= ~due;
        foreach (var scope in _scopes.Of(_scopes.Open))
        {
            var totals = scope[cpu.Cpu];
            for (var rest = due; rest != 0; rest &= rest - 1)
                totals.Schemes[BitOperations.TrailingZeroCount(rest)].CatchUps++;
        }
    }

    /// <summary>
    /// State events lie up to a microsecond outside the change that they tell. A kick sent that close before an exit
    /// may have found the kernel.
    /// </summary>
    private void Doubt(CpuLife cpu, ulong time)
    {
        foreach (var kick in cpu.Outstanding)
        {
            if (kick.SendState.IsOutsideKernel() && time - Math.Min(time, kick.QueueTime) < _slack)
                MarkDoubtful(kick);
        }
    }

    private void MarkDoubtful(Kick kick)
    {
        kick.Doubtful = true;
        kick.Skip &= ~_skips.FewestMask;
    }

    private void OnSwitch(CpuLife cpu, in CpuRecord record, ulong time)
    {
        if (cpu.Depth > 0)
            DropFrames(cpu, time);
        var notes = (SwitchNotes)record.Detail;
        var previous = (int)record.A;
        var next = (int)record.B;
        if (previous != 0)
        {
            var mode = cpu.Mode;
            if (cpu.Tracked)
            {
                mode =
                    notes.HasFlag(SwitchNotes.PreviousInSystemCall) ? TaskMode.SystemCall
                    : mode == TaskMode.Kernel ? mode
                    : TaskMode.User;
            }

            _modes[previous] = notes.HasFlag(SwitchNotes.PreviousDead) ? TaskMode.Unknown : mode;
        }

        cpu.Pid = next;
        cpu.Mode = next == 0 || notes.HasFlag(SwitchNotes.NextIsKernelThread) ? TaskMode.Kernel : _modes[next];
        if (cpu.BracketOpen)
        {
            // Somebody had work for this CPU: no scheme keeps it where it was.
            cpu.BracketAvoided = 0;
            if (cpu.BracketState is CpuState.Idle or CpuState.User)
                CloseBracket(cpu, time);
        }
        else if (cpu.State.IsOutsideKernel())
        {
            cpu.Exits++;
            CatchUp(cpu, ~0UL);
        }

        // A task that was preempted in user mode goes back there without an event of its own; where context tracking is
        // on, it has one.
        Set(
            cpu,
            cpu.Tracked || cpu.Mode != TaskMode.User
                ? (cpu.Mode == TaskMode.Unknown && !cpu.Tracked ? CpuState.Unknown : CpuState.Kernel)
                : CpuState.User,
            time
        );
    }

    private void OnLost(CpuLife cpu, ulong time)
    {
        LossGaps++;
        cpu.BracketOpen = false;
        cpu.Depth = 0;
        foreach (var frame in cpu.Frames)
            frame.Executed.Clear();
        cpu.Mode = TaskMode.Unknown;
        cpu.EmptyExpected = 0;
        cpu.Exits++;
        Set(cpu, CpuState.Unknown, time);
        // What was on its way to this CPU may have arrived unseen.
        foreach (var kick in cpu.Outstanding)
            CountIncomplete(kick);
        cpu.Outstanding.Clear();
        cpu.InFlight.Clear();
        cpu.Undecided.Clear();
        CatchUp(cpu, ~0UL);
    }

    private void Finish()
    {
        End = _now;
        foreach (var cpu in _cpus)
        {
            if (cpu.Depth > 0)
                DropFrames(cpu, End);
            if (cpu.BracketOpen)
                CloseBracket(cpu, End);
            foreach (var kick in cpu.InFlight)
            {
                if (!kick.Executed)
                    Count(cpu, static totals => totals.NotArrived++, kick.Scopes);
            }

            foreach (var kick in cpu.Outstanding)
                CountIncomplete(kick);
            foreach (var kick in cpu.InFlight)
                CountIncomplete(kick);
            foreach (var kick in cpu.Undecided)
                CountIncomplete(kick);
            Spend(cpu, End);
            for (var rest = cpu.CatchUp; rest != 0; rest &= rest - 1)
                _scopes.Selection[cpu.Cpu].Schemes[BitOperations.TrailingZeroCount(rest)].PendingAtEnd = 1;
        }

        _scopes.Finish(End);
    }
}
