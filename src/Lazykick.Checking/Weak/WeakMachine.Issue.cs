using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>How steps are issued.</summary>
internal sealed partial class WeakMachine<T>
{
    // Writing the ICR of an APIC is a store in order behind all others: uncached (Intel SDM 3A 9.2.2), or behind the
    // fence of weak_wrmsr_fence().
    private static readonly Access s_deviceStore = new(InstanceKind.Store);

    private readonly InstanceList _issued;
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
        var isUnsettled = (control.Flow.Touches & window.Now.Unsettled) != 0;
        var isSpeculative = window.Now.IsSpeculative;
        if (isUnsettled && (control.Slot is null || (control.Flow.Checks & window.Now.Unsettled) != 0))
            return;
        if (
            (isSpeculative && !control.IsReversible)
            || !MayControl(control, window.Now)
            || !control.Table.TryIssue(seen, out var after, out var issued)
        )
        {
            return;
        }

        // What hardware reads and writes together with an exception or a return comes after the CPU's own accesses to
        // the same variable (W7).
        if (control.Memory.Accessed.Length > 0 && CpuWindow<T>.Accesses(window.Now.Instances, control.Memory.Accessed))
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
        foreach (var location in control.Memory.Written)
        {
            if (!MarkOthers(next, move.Instruction.Cpu, location))
                return;
        }

        if (control.Memory.Returned.Count > 0)
            window.Vouch(next, control.Memory.Returned);
        if (isUnsettled)
        {
            var slot = window.FirstEmpty(words);
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
        Emit(next, move, violations, ref sink, isTold ? new Notice(control.Memory.Written[0], isWrite: true) : default);
    }

    private void IssueAccess(in T state, Span<ulong> words, CpuWindow<T> window, WindowedMove<T> move, ref Sink sink)
    {
        // Where accesses are in order, nothing is gained by going ahead of a read.
        if ((move.Flow.Touches & window.Now.Unsettled) != 0 && (_model != MemoryModel.Arm || !move.Flow.IsContained))
            return;
        // A send belongs to the kick that is in progress when it is issued (S5a), so that it is not issued on a guess.
        if (move.Access is { IsDevice: true, Kind: InstanceKind.Store } && window.Now.IsSpeculative)
            return;
        var slot = window.FirstEmpty(words);
        Span<ulong> next = stackalloc ulong[T.Words];
        foreach (var (guess, table) in move.Issues)
        {
            if (!table.TryIssue(state, out var after, out var issued))
                continue;
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

            if (move is { IsOwn: true, Access.Kind: InstanceKind.Load } && !ReadAtOnce(next, window, slot, move))
                continue;
            Emit(next, move.Move, issued.Violations, ref sink);
        }
    }

    /// <summary>No guess is outstanding that the step in the slot hangs on, and its own is right.</summary>
    private bool IsCertain(Span<ulong> next, CpuWindow<T> window, int slot, WindowedMove<T> move)
    {
        if (window.Now.IsSpeculative || (move.Flow.Touches & window.Now.Unsettled) != 0)
            return false;
        if (!move.IsGuessed)
            return true;
        var instances = window.Fill(next, _issued);
        return Window.CanRead(_model, instances, _issued.AccessOf(slot), out var source)
            && ValueFits(next, window, _issued, slot, move, source);
    }

    /// <summary>Reads at issue if nothing holds the load back; false: the guess was wrong.</summary>
    private bool ReadAtOnce(Span<ulong> next, CpuWindow<T> window, int slot, WindowedMove<T> move)
    {
        var instances = window.Fill(next, _issued);
        if (!Window.CanRead(_model, instances, _issued.AccessOf(slot), out var source))
            return true;
        if (!ValueFits(next, window, _issued, slot, move, source))
            return false;
        window.Fields.Progress[slot].Write(next, (int)Progress.Done);
        return true;
    }

    private bool MayControl(ControlMove<T> control, InstanceList window)
    {
        if (_model == MemoryModel.Sc)
            return window.Count == 0;
        var access = control.IsSend && _model == MemoryModel.Tso ? s_deviceStore : control.Access;
        if (access.Kind == InstanceKind.Local)
            return true;
        var all = window.With(
            new Instance
            {
                Kind = access.Kind,
                Fence = access.Fence,
                Address = Knowledge.Final,
                Data = Knowledge.Final,
                Location = Instance.UnknownLocation,
            }
        );
        return access.IsDrain ? Window.Blocker(_model, all, all.Length - 1, Step.Complete) == 0
            : access.Kind == InstanceKind.Store ? Window.Blocker(_model, all, all.Length - 1, Step.Write) == 0
            : Window.CanSynchronise(_model, all, all.Length - 1);
    }
}
