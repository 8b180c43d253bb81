using Lazykick.Checking.InFlight;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>How steps are issued.</summary>
internal sealed partial class WeakMachine<T>
{
    // Writing the ICR of an APIC is a store in order behind all others: uncached (Intel SDM 3A 9.2.2), or behind the
    // fence of weak_wrmsr_fence().
    private static readonly Access s_deviceStore = new(InstanceKind.Store);

    private static readonly Instance s_control = new()
    {
        Address = Knowledge.Final,
        Data = Knowledge.Final,
        Location = Instance.UnknownLocation,
    };

    private bool _windowWasFull;

    private void Issue(in T state, Span<ulong> words, int cpu, ref Sink sink)
    {
        var window = _windows[cpu];
        Span<ulong> view = stackalloc ulong[T.Words];
        words.CopyTo(view);
        window.Overlay(view);
        var seen = T.From(view);
        foreach (var move in PositionOf(state, cpu).Instruction.Moves)
        {
            if (_controlOf.TryGetValue(move, out var control))
                IssueControl(state, seen, words, window, move, control, ref sink);
            else
                IssueAccess(state, words, window, _windowedOf[move], ref sink);
        }
    }

    private void IssueControl(
        in T state,
        in T seen,
        Span<ulong> words,
        CpuWindow<T> window,
        Move move,
        ControlMove<T> control,
        ref Sink sink
    )
    {
        var isUnsettled = (control.Flow.Touches & window.Unsettled) != 0;
        var isSpeculative = window.IsSpeculative;
        if (isUnsettled && (control.Slot is null || (control.Flow.Checks & window.Unsettled) != 0))
            return;
        if (
            (isSpeculative && !control.IsReversible)
            || !MayControl(control, window)
            || !control.Table.TryIssue(seen, out var after, out var issued)
        )
        {
            return;
        }

        // What hardware reads and writes together with an exception or a return comes after the CPU's own accesses to
        // the same variable (W7).
        if (control.Memory.Accessed.Length > 0 && window.Accesses(control.Memory.Accessed))
            return;
        var violations = issued.Violations;
        if ((violations & _withoutGuesses) != 0 && !IsSettled(words))
            violations &= ~_withoutGuesses;
        // What properties and ranges say against it is said once it is certain that it happens.
        if ((isSpeculative || isUnsettled) && (violations != 0 || issued.Overflow is not null))
            return;
        if (issued.Overflow is { } overflow)
            throw overflow;
        Span<ulong> next = stackalloc ulong[T.Words];
        T.Replace(after, control.KeepsMemory, T.And(state, control.KeepsMemory)).CopyTo(next);
        var touched = 1u << move.Instruction.Cpu;
        foreach (var location in control.Memory.Written)
        {
            if (!_inFlight.Mark(next, move.Instruction.Cpu, location, ref touched))
                return;
        }

        if (control.Memory.Returned.Count > 0)
            window.Vouch(next, control.Memory.Returned);
        if (isUnsettled)
        {
            var slot = window.Room(words);
            if (slot < 0)
            {
                _windowWasFull = true;
                return;
            }

            window.Put(next, slot, control.Slot!, 0, 0);
        }
        else if (!isSpeculative)
        {
            // A step that goes ahead of a branch is also taken behind it: what the branch hangs on waits for nothing
            // behind the step.
            _taken[move.Id] = true;
        }

        var isTold = _isAlone && _model == MemoryModel.Arm && control.Memory.Written.Length > 0;
        Emit(
            next,
            move,
            touched,
            violations,
            ref sink,
            control.MayBeDelayed ? StepKind.DelayableStep : StepKind.Other,
            isTold ? new Notice(control.Memory.Written[0], isWrite: true) : default
        );
    }

    private void IssueAccess(in T state, Span<ulong> words, CpuWindow<T> window, WindowedMove<T> move, ref Sink sink)
    {
        if ((move.Flow.Touches & window.Unsettled) != 0 && !move.Flow.IsContained)
            return;
        // A send belongs to the kick that is in progress when it is issued (S5a), so that it is not issued on a guess.
        if (move.Access is { IsDevice: true, Kind: InstanceKind.Store } && window.IsSpeculative)
            return;
        var slot = window.Room(words);
        Span<ulong> next = stackalloc ulong[T.Words];
        foreach (var (guess, table) in move.Issues)
        {
            if (!table.TryIssue(state, out var after, out var issued))
                continue;
            if (IsImpossible(state, window, move, guess))
            {
                _hasCut = true;
                continue;
            }

            if (slot < 0)
            {
                _windowWasFull = true;
                return;
            }

            after.CopyTo(next);
            window.Put(next, slot, issued.Fails ? move.Failing ?? move : move, guess, issued.Written);
            // Only a together has both an access and something that it may violate; that is said once the value read is
            // certain.
            if (issued.Violations != 0 && !IsCertain(next, window, slot, move))
                continue;
            if (issued.Overflow is not null)
            {
                if (IsCertain(next, window, slot, move))
                    throw issued.Overflow;
                continue;
            }

            if (_atOnce is not null && move.Instance.Reads)
            {
                ReadInOrder(_atOnce, next, slot, move, issued.Violations, ref sink);
                continue;
            }

            if (move is { IsOwn: true, Access.Kind: InstanceKind.Load } && !ReadAtOnce(next, slot, move))
                continue;
            var kind = move.MayBeDelayed ? StepKind.DelayableIssue : StepKind.Other;
            Emit(next, move.Move, 1u << move.Move.Instruction.Cpu, issued.Violations, ref sink, kind);
        }
    }

    /// <summary>
    /// The read of a move that is issued now can never return what is guessed: the CPU sees something else, and no
    /// other CPU ever writes it.
    /// </summary>
    private bool IsImpossible(in T state, CpuWindow<T> window, WindowedMove<T> move, int guess)
    {
        if (_foreign is null || !move.IsGuessed || move.Access.Variable is not { } variable)
            return false;
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        return window.Pending(words, variable) != guess
            && !_foreign.MayBe(move.Move.Instruction.Cpu, variable, guess);
    }

    /// <summary>
    /// Where reads are in order (T1, T4, S1), a step that reads is issued when it may read, and does so at once; an
    /// atomic writes, too.
    /// </summary>
    private void ReadInOrder(
        InFlightMachine<ulong, CpuWindow<T>> atOnce,
        Span<ulong> next,
        int slot,
        WindowedMove<T> move,
        uint violations,
        ref Sink sink
    )
    {
        var cpu = move.Move.Instruction.Cpu;
        atOnce.Begin(next);
        var instance = _issued[cpu].AccessOf(slot);
        if (
            atOnce.Next(cpu, instance, out var source) != AccessStep.Read
            || !atOnce.Satisfy(next, cpu, instance, source, out var touched, out var wrote)
        )
        {
            return;
        }

        if (wrote)
            violations |= AtWrite(next, cpu, _after[cpu], move);
        Emit(next, move.Move, touched, violations, ref sink);
    }

    /// <summary>No guess is outstanding that the step in the slot hangs on, and its own is right.</summary>
    private bool IsCertain(ReadOnlySpan<ulong> next, CpuWindow<T> window, int slot, WindowedMove<T> move)
    {
        if (window.IsSpeculative || (move.Flow.Touches & window.Unsettled) != 0)
            return false;
        return !move.IsGuessed
            || (CanRead(next, slot, move, out var source) && AfterOf(move).ValueFits(next, slot, move, source));
    }

    /// <summary>Reads at issue if nothing holds the load back; false: the guess was wrong.</summary>
    private bool ReadAtOnce(Span<ulong> next, int slot, WindowedMove<T> move)
    {
        if (!CanRead(next, slot, move, out var source))
            return true;
        if (!AfterOf(move).ValueFits(next, slot, move, source))
            return false;
        AfterOf(move).SetProgress(next, slot, Progress.Done);
        return true;
    }

    private bool CanRead(ReadOnlySpan<ulong> next, int slot, WindowedMove<T> move, out int source)
    {
        var instances = AfterOf(move).Fill(next);
        return Window.CanRead(_rules, instances, AfterOf(move).AccessOf(slot), out source);
    }

    private CpuWindow<T> AfterOf(WindowedMove<T> move) => _after[move.Move.Instruction.Cpu];

    private bool MayControl(ControlMove<T> control, CpuWindow<T> window)
    {
        if (_model == MemoryModel.Sc)
            return window.Count == 0;
        var access = control.IsSend && _model == MemoryModel.Tso ? s_deviceStore : control.Access;
        if (access.Kind == InstanceKind.Local)
            return true;
        var step =
            access.IsDrain ? AccessStep.Complete
            : access.Kind == InstanceKind.Store ? AccessStep.Write
            : AccessStep.Synchronise;
        return !window.Blocks(s_control with { Kind = access.Kind, Fence = access.Fence }, step);
    }
}
