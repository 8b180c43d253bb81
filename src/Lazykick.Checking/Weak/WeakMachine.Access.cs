using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>How accesses take place.</summary>
internal sealed partial class WeakMachine<T>
{
    private void Perform(Span<ulong> words, int cpu, int index, ref Sink sink)
    {
        var window = _windows[cpu];
        var instances = window.Now.Instances;
        ref readonly var instance = ref instances[index];
        if (instance.Kind is InstanceKind.Branch or InstanceKind.Fence or InstanceKind.Local)
            return;
        var slot = window.Now.SlotOf(index);
        var move = window.MoveAt(words, slot)!;
        Span<ulong> next = stackalloc ulong[T.Words];
        if (instance.ReadPending)
        {
            if (instance.Kind == InstanceKind.Rmw && AnotherHasRead(cpu, instance.Location))
                return;
            if (
                !Window.CanRead(_model, instances, index, out var source)
                || !ValueFits(words, window, window.Now, slot, move, source)
            )
            {
                return;
            }

            words.CopyTo(next);
            if (instance.Kind == InstanceKind.Rmw && Window.AtomicRmw(_model))
            {
                if (source != Window.FromMemory || !Read(next, window, slot, move))
                    return;
                if (Write(next, cpu, slot, move, out var violated))
                    Emit(next, move.WriteMove, violated, ref sink);
                return;
            }

            window
                .Fields.Progress[slot]
                .Write(next, (int)(instance.Kind == InstanceKind.Load ? Progress.Done : Progress.Read));
            if (Read(next, window, slot, move))
                Emit(next, move.ReadMove, 0, ref sink, NoticeOf(move, isWrite: false));
        }
        else if (
            instance.Kind is InstanceKind.Clean or InstanceKind.Invalidate
                ? Window.CanMaintain(_model, instances, index)
                : Window.CanWrite(_model, instances, index)
        )
        {
            words.CopyTo(next);
            if (Write(next, cpu, slot, move, out var violated))
                Emit(next, move.WriteMove, violated, ref sink, NoticeOf(move, isWrite: true));
        }
    }

    /// <summary>What other CPUs get to know; under <c>tso</c> neither half of an atomic nor a write leaves a mark.</summary>
    private Notice NoticeOf(WindowedMove<T> move, bool isWrite)
        => _isAlone
            && _model == MemoryModel.Arm
            && move.Access.Variable is not null
            && (isWrite || move.Instance.Kind == InstanceKind.Rmw)
            ? new Notice(move.Instance.Location, isWrite)
            : default;

    /// <summary>
    /// What the read changes besides, and what it violates if it turns out to count. False: nothing is pending that
    /// could be acknowledged as guessed.
    /// </summary>
    private bool Read(Span<ulong> next, CpuWindow<T> window, int slot, WindowedMove<T> move)
    {
        if (!move.AtRead.TryMake(T.From(next), out var after, out var violated))
            return false;
        after.CopyTo(next);
        if (violated != 0)
            window.MarkViolation(next, slot, _marks.Of(violated));
        return true;
    }

    /// <summary>
    /// Another CPU is between the two halves of an atomic on the location: this one could not complete, nor could that
    /// (rule A17).
    /// </summary>
    private bool AnotherHasRead(int cpu, short location)
    {
        for (var other = 0; other < _windows.Length; other++)
        {
            if (other != cpu && !Window.AdmitsWrite(_windows[other].Now.Instances, location))
                return true;
        }

        return false;
    }

    private static bool ValueFits(
        ReadOnlySpan<ulong> words,
        CpuWindow<T> window,
        InstanceList instances,
        int slot,
        WindowedMove<T> move,
        int source
    )
    {
        if (!move.IsGuessed || move.Access.Variable is null)
            return true;
        var value =
            source == Window.FromMemory
                ? move.Access.Variable!.Read(words)
                : window.Fields.Written[instances.SlotOf(source)].Read(words);
        return value == window.Fields.Read[slot].Read(words);
    }

    // A write of one CPU marks the reads of the others that it overwrites, and is not possible within their atomics
    // (A17, A19).
    private bool MarkOthers(Span<ulong> next, int cpu, short location)
    {
        for (var other = 0; other < _windows.Length; other++)
        {
            if (other != cpu && !_windows[other].Mark(next, location))
                return false;
        }

        return true;
    }

    private bool MarkDrain(Span<ulong> next, int writer, Field variable, uint violated)
    {
        for (var cpu = 0; cpu < _windows.Length; cpu++)
        {
            if (cpu != writer && _windows[cpu].MarkDrain(next, variable, _marks.Of(violated)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The write becomes visible to every CPU, or the maintenance takes place. False: another CPU is within an atomic
    /// on the variable.
    /// </summary>
    private bool Write(Span<ulong> next, int cpu, int slot, WindowedMove<T> move, out uint violated)
    {
        violated = 0;
        var fields = _windows[cpu].Fields;
        var value = fields.Written[slot].Read(next);
        if (move.Access.Variable is { } variable)
        {
            if (!MarkOthers(next, cpu, move.Instance.Location))
                return false;
            variable.Write(next, value);
        }

        if (move.Deferred.TryMake(T.From(next), out var after, out violated))
            after.CopyTo(next);
        // What was drained may yet be taken back, and then nothing was lost.
        if (violated != 0 && move.Access.Variable is { } written && MarkDrain(next, cpu, written, violated))
            violated = 0;
        fields.Progress[slot].Write(next, (int)Progress.Done);
        return true;
    }
}
