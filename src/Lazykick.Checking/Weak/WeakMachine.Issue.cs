using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>How steps are issued.</summary>
internal sealed partial class WeakMachine<T>
{
    // Writing the ICR of an APIC is a store in order behind all others: uncached (Intel SDM 3A 9.2.2), or behind the fence of weak_wrmsr_fence().
    private static readonly Access s_deviceStore = new(InstanceKind.Store);

    private readonly InstanceList _issued;
    private bool _windowWasFull;

    private void Issue(in T state, Span<ulong> words, int cpu, ref Sink sink)
    {
        var window = _windows[cpu];
        var speculative = Window.IsSpeculative(window.Now.Instances);
        Span<ulong> view = stackalloc ulong[T.Words];
        words.CopyTo(view);
        window.Overlay(view);
        var seen = T.From(view);
        Span<ulong> next = stackalloc ulong[T.Words];
        foreach (var move in PositionOf(state, cpu).Instruction.Moves)
        {
            if (_controlOf.TryGetValue(move, out var control))
            {
                if ((speculative && !control.IsLocal) || window.IsTainted(words, control.Uses) || !MayControl(control, window.Now) || !control.Table.TryMake(seen, out var after, out var violations))
                    continue;
                T.Replace(after, control.KeepsMemory, T.And(state, control.KeepsMemory)).CopyTo(next);
                Emit(next, move, IsSettled(words) ? violations : violations & ~_staleTranslation, ref sink);
            }
            else if (_windowedOf[move] is var windowed && !window.IsTainted(words, windowed.Uses))
            {
                Issue(state, words, window, windowed, ref sink);
            }
        }
    }

    private void Issue(in T state, Span<ulong> words, CpuWindow<T> window, WindowedMove<T> move, ref Sink sink)
    {
        var slot = window.FirstEmpty(words);
        Span<ulong> next = stackalloc ulong[T.Words];
        foreach (var (guess, table) in move.Issues)
        {
            if (!table.TryIssue(state, out var issued, out var written, out var violations))
                continue;
            if (slot < 0)
            {
                _windowWasFull = true;
                return;
            }

            issued.CopyTo(next);
            window.Put(next, slot, move, guess, written);
            if (move is { IsOwn: true, Access.Kind: InstanceKind.Load } && !ReadAtOnce(next, window, slot, move))
                continue;
            Emit(next, move.Move, violations, ref sink);
        }
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
        var all = window.With(new Instance { Kind = access.Kind, Fence = access.Fence, Address = Knowledge.Final, Data = Knowledge.Final, Location = Instance.UnknownLocation });
        return access.IsDrain
            ? Window.Blocker(_model, all, all.Length - 1, Step.Complete) == 0
            : access.Kind == InstanceKind.Store
            ? Window.Blocker(_model, all, all.Length - 1, Step.Write) == 0
            : Window.CanSynchronise(_model, all, all.Length - 1);
    }
}
