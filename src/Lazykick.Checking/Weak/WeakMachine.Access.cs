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
        if (instance.Kind is InstanceKind.Branch or InstanceKind.Fence)
            return;
        var slot = window.Now.SlotOf(index);
        var move = window.MoveAt(words, slot)!;
        Span<ulong> next = stackalloc ulong[T.Words];
        if (instance.ReadPending)
        {
            if (instance.Kind == InstanceKind.Rmw && AnotherHasRead(cpu, instance.Location))
                return;
            if (!Window.CanRead(_model, instances, index, out var source) || !ValueFits(words, window, window.Now, slot, move, source))
                return;
            words.CopyTo(next);
            if (instance.Kind == InstanceKind.Rmw && Window.AtomicRmw(_model))
            {
                if (source == Window.FromMemory && Write(next, cpu, slot, move))
                    Emit(next, move.WriteMove, 0, ref sink);
                return;
            }

            var fails = instance.Kind == InstanceKind.Rmw && !move.Writes(window.Fields.Read[slot].Read(words), window.Fields.Written[slot].Read(words));
            window.Fields.Progress[slot].Write(next, (int)(fails || instance.Kind == InstanceKind.Load ? Progress.Done : Progress.Read));
            Emit(next, move.ReadMove, 0, ref sink);
        }
        else if (instance.Kind is InstanceKind.Clean or InstanceKind.Invalidate ? Window.CanMaintain(_model, instances, index) : Window.CanWrite(_model, instances, index))
        {
            words.CopyTo(next);
            if (Write(next, cpu, slot, move))
                Emit(next, move.WriteMove, 0, ref sink);
        }
    }

    /// <summary>Another CPU is between the two halves of an atomic on the location: this one could not complete, nor could that (rule A17).</summary>
    private bool AnotherHasRead(int cpu, short location)
    {
        for (var other = 0; other < _windows.Length; other++)
        {
            if (other != cpu && !Window.AdmitsWrite(_windows[other].Now.Instances, location))
                return true;
        }

        return false;
    }

    private static bool ValueFits(ReadOnlySpan<ulong> words, CpuWindow<T> window, InstanceList instances, int slot, WindowedMove<T> move, int source)
    {
        if (!move.IsGuessed)
            return true;
        var value = source == Window.FromMemory
            ? move.Access.Variable!.Read(words)
            : window.Fields.Written[instances.SlotOf(source)].Read(words);
        return value == window.Fields.Read[slot].Read(words);
    }

    /// <summary>The write becomes visible to every CPU, or the maintenance takes place. False: another CPU is within an atomic on the variable.</summary>
    private bool Write(Span<ulong> next, int cpu, int slot, WindowedMove<T> move)
    {
        var fields = _windows[cpu].Fields;
        var written = fields.Written[slot].Read(next);
        if (move.Access.Variable is { } variable && move.Writes(fields.Read[slot].Read(next), written))
        {
            for (var other = 0; other < _windows.Length; other++)
            {
                if (other != cpu && !_windows[other].Mark(next, move.Instance.Location))
                    return false;
            }

            variable.Write(next, written);
        }

        if (move.Deferred.TryMake(T.From(next), out var after, out _))
            after.CopyTo(next);
        fields.Progress[slot].Write(next, (int)Progress.Done);
        return true;
    }
}
