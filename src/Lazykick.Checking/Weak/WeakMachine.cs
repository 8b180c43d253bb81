using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>
/// The machine under <c>tso</c> and <c>arm</c>: steps are issued in program order, accesses to memory take place later, as the ordering rules of
/// <see cref="Ordering"/> allow. A step that reads guesses the value at issue, and its read takes place only when it returns that value; until
/// then the CPU takes no step that could not be taken back, and nothing that it does counts.
/// </summary>
internal sealed class WeakMachine<T> : Machine<T>
    where T : unmanaged, IPacked<T>
{
    // Writing the ICR of an APIC is a store in order behind all others: uncached (Intel SDM 3A 9.2.2), or behind the fence of weak_wrmsr_fence().
    private static readonly Access s_deviceStore = new(InstanceKind.Store);

    private readonly WindowFields[] _windows;
    private readonly int _slots;
    private readonly WindowedMove<T>[][] _windowed;
    private readonly Dictionary<Move, WindowedMove<T>> _windowedOf = [];
    private readonly Dictionary<Move, ControlMove<T>> _controlOf = [];
    private readonly List<Move> _moves;
    private readonly Dictionary<Field, short> _locations = [];
    private readonly MemoryModel _model;
    private readonly Instance[][] _instances;
    private readonly int[][] _slotOf;

    public WeakMachine(CompiledScheme scheme)
        : base(scheme)
    {
        _model = scheme.Memory;
        _windows = [.. scheme.Windows];
        _slots = _windows[0].Slots;
        var instances = _slots * 3 + 1;
        _scratch = new Instance[instances];
        _scratchSlots = new int[instances];
        _moves = [.. scheme.Moves];
        foreach (var field in scheme.Fields.Memory.OrderBy(f => f.Id))
            _locations[field] = (short)_locations.Count;
        _instances = [.. scheme.Cpus.Select(_ => new Instance[instances])];
        _slotOf = [.. scheme.Cpus.Select(_ => new int[instances])];
        var builder = new WindowedMoveBuilder<T>(scheme, _moves);
        _windowed = new WindowedMove<T>[scheme.Cpus.Length][];
        for (var cpu = 0; cpu < scheme.Cpus.Length; cpu++)
        {
            _windowed[cpu] = [.. scheme.WindowedMoves(cpu).Select((m, i) => builder.Build(m, i + 1))];
            foreach (var windowed in _windowed[cpu])
                _windowedOf[windowed.Move] = windowed;
        }

        foreach (var move in scheme.Moves.Where(m => !_windowedOf.ContainsKey(m)))
            _controlOf[move] = builder.BuildControl(move);
    }

    public override IReadOnlyList<Move> Moves => _moves;

    public override int Expand(in T state, ref Successor<T>[] into)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        for (var cpu = 0; cpu < _windows.Length; cpu++)
            _counts[cpu] = Fill(words, cpu);
        var sink = new Sink(into);
        for (var cpu = 0; cpu < _windows.Length; cpu++)
        {
            Span<Instance> window = _instances[cpu].AsSpan(0, _counts[cpu]);
            Issue(state, words, cpu, window, ref sink);
            for (var i = 0; i < window.Length; i++)
                Perform(words, cpu, window, i, ref sink);
        }

        into = sink.Buffer;
        return sink.Count;
    }

    public override bool InEqs(in T state, int cpu)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        if (_windows[cpu].Code[0].Read(words) == 0)
            return base.InEqs(state, cpu);
        Overlay(words, cpu);
        return base.InEqs(T.From(words), cpu);
    }

    public override bool IsSettled(in T state, int cpu)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        var fields = _windows[cpu];
        for (var slot = 0; slot < _slots; slot++)
        {
            var code = fields.Code[slot].Read(words);
            if (code == 0)
                return true;
            if (_windowed[cpu][code - 1].IsGuessed && fields.Progress[slot].Read(words) == (int)Progress.Waiting)
                return false;
        }

        return true;
    }

    private readonly int[] _counts = new int[Verdicts.CheckOptions.MaxCpus];
    private readonly Instance[] _scratch;
    private readonly int[] _scratchSlots;

    private void Issue(in T state, Span<ulong> words, int cpu, Span<Instance> window, ref Sink sink)
    {
        var position = PositionOf(state, cpu);
        var speculative = Window.IsSpeculative(window);
        var room = FirstEmpty(words, cpu);
        Span<ulong> view = stackalloc ulong[T.Words];
        words.CopyTo(view);
        Overlay(view, cpu);
        var seen = T.From(view);
        Span<ulong> next = stackalloc ulong[T.Words];
        foreach (var move in position.Instruction.Moves)
        {
            if (_controlOf.TryGetValue(move, out var control))
            {
                if ((speculative && !control.IsLocal) || IsTainted(words, cpu, control.Uses) || !MayControl(control, window, cpu) || !control.Table.TryMake(seen, out var after, out var violations))
                    continue;
                T.Replace(after, control.KeepsMemory, T.And(state, control.KeepsMemory)).CopyTo(next);
                Emit(next, move, violations, ref sink);
                continue;
            }

            var windowed = _windowedOf[move];
            if (room < 0 || IsTainted(words, cpu, windowed.Uses))
                continue;
            foreach (var (guess, table) in windowed.Issues)
            {
                if (!table.TryIssue(state, out var issued, out var written, out var violations))
                    continue;
                issued.CopyTo(next);
                var fields = _windows[cpu];
                fields.Code[room].Write(next, windowed.Code);
                fields.Read[room].Write(next, windowed.IsGuessed ? guess : 0);
                fields.Written[room].Write(next, windowed.Access.Kind is InstanceKind.Store or InstanceKind.Rmw && windowed.Access.Variable is not null ? written : 0);
                if (windowed is { IsOwn: true, Access.Kind: InstanceKind.Load } && !ReadAtOnce(next, cpu, room, windowed))
                    continue;
                Emit(next, move, violations, ref sink);
            }
        }
    }

    /// <summary>Reads at issue if nothing holds the load back; false: the guess was wrong.</summary>
    private bool ReadAtOnce(Span<ulong> next, int cpu, int slot, WindowedMove<T> move)
    {
        var window = _scratch.AsSpan(0, FillInto(next, cpu, _scratch, _scratchSlots));
        var index = Array.IndexOf(_scratchSlots, slot, 0, window.Length);
        if (!Window.CanRead(_model, window, index, out var source))
            return true;
        if (!ValueFits(next, cpu, slot, move, source, _scratchSlots))
            return false;
        _windows[cpu].Progress[slot].Write(next, (int)Progress.Done);
        return true;
    }

    private bool MayControl(ControlMove<T> control, Span<Instance> window, int cpu)
    {
        if (_model == MemoryModel.Sc)
            return window.Length == 0;
        var access = control.Access;
        if (control.IsSend && _model == MemoryModel.Tso)
            access = s_deviceStore;
        if (access.Kind == InstanceKind.Local)
            return true;
        var all = _instances[cpu].AsSpan(0, window.Length + 1);
        all[^1] = new Instance { Kind = access.Kind, Fence = access.Fence, Address = Knowledge.Final, Data = Knowledge.Final, Location = Instance.UnknownLocation };
        return access.IsDrain
            ? Window.Blocker(_model, all, all.Length - 1, Step.Complete) == 0
            : access.Kind == InstanceKind.Store
            ? Window.Blocker(_model, all, all.Length - 1, Step.Write) == 0
            : Window.CanSynchronise(_model, all, all.Length - 1);
    }

    private void Perform(Span<ulong> words, int cpu, Span<Instance> window, int index, ref Sink sink)
    {
        ref readonly var instance = ref window[index];
        if (instance.Kind is InstanceKind.Branch or InstanceKind.Fence)
            return;
        var slot = _slotOf[cpu][index];
        var move = _windowed[cpu][_windows[cpu].Code[slot].Read(words) - 1];
        Span<ulong> next = stackalloc ulong[T.Words];
        if (instance.ReadPending)
        {
            if (instance.Kind == InstanceKind.Rmw && AnotherHasRead(cpu, instance.Location))
                return;
            if (!Window.CanRead(_model, window, index, out var source) || !ValueFits(words, cpu, slot, move, source, _slotOf[cpu]))
                return;
            words.CopyTo(next);
            if (instance.Kind == InstanceKind.Rmw && Window.AtomicRmw(_model))
            {
                if (source == Window.FromMemory && Write(next, cpu, slot, move))
                    Emit(next, move.WriteMove, 0, ref sink);
                return;
            }

            var fails = instance.Kind == InstanceKind.Rmw && !move.Writes(_windows[cpu].Read[slot].Read(words), _windows[cpu].Written[slot].Read(words));
            _windows[cpu].Progress[slot].Write(next, (int)(fails || instance.Kind == InstanceKind.Load ? Progress.Done : Progress.Read));
            Emit(next, move.ReadMove, 0, ref sink);
        }
        else if (instance.Kind is InstanceKind.Clean or InstanceKind.Invalidate ? Window.CanMaintain(_model, window, index) : Window.CanWrite(_model, window, index))
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
            if (other == cpu)
                continue;
            foreach (ref readonly var instance in _instances[other].AsSpan(0, _counts[other]))
            {
                if (instance.Kind == InstanceKind.Rmw && instance.Location == location && instance.Progress == Progress.Read)
                    return true;
            }
        }

        return false;
    }

    private bool ValueFits(Span<ulong> words, int cpu, int slot, WindowedMove<T> move, int source, int[] slotOf)
    {
        if (!move.IsGuessed)
            return true;
        var value = source == Window.FromMemory
            ? move.Access.Variable!.Read(words)
            : _windows[cpu].Written[slotOf[source]].Read(words);
        return value == _windows[cpu].Read[slot].Read(words);
    }

    /// <summary>The write becomes visible to every CPU, or the maintenance takes place. False: another CPU is within an atomic on the variable.</summary>
    private bool Write(Span<ulong> next, int cpu, int slot, WindowedMove<T> move)
    {
        var written = _windows[cpu].Written[slot].Read(next);
        if (move.Access.Variable is { } variable && move.Writes(_windows[cpu].Read[slot].Read(next), written))
        {
            for (var other = 0; other < _windows.Length; other++)
            {
                if (other != cpu && !Mark(next, other, _locations[variable]))
                    return false;
            }

            variable.Write(next, written);
        }

        if (move.Deferred.TryMake(T.From(next), out var after, out _))
            after.CopyTo(next);
        _windows[cpu].Progress[slot].Write(next, (int)Progress.Done);
        return true;
    }

    private bool Mark(Span<ulong> next, int other, short location)
    {
        var scratch = _scratch.AsSpan();
        var count = FillInto(next, other, scratch, _scratchSlots);
        if (!Window.ForeignWrite(scratch[..count], location))
            return false;
        for (var i = 0; i < count; i++)
        {
            if (scratch[i].Overwritten)
                _windows[other].Overwritten[_scratchSlots[i]].Write(next, 1);
        }

        return true;
    }

    /// <summary>Drops what cannot be completed, takes finished steps out of every window, and hands the state on.</summary>
    private void Emit(Span<ulong> next, Move move, uint violations, ref Sink sink)
    {
        for (var cpu = 0; cpu < _windows.Length; cpu++)
        {
            if (!Tidy(next, cpu))
                return;
        }

        sink.Add(new Successor<T>(T.From(next), move, violations));
    }

    private bool Tidy(Span<ulong> words, int cpu)
    {
        var fields = _windows[cpu];
        if (fields.Code[0].Read(words) == 0)
            return true;
        var scratch = _scratch.AsSpan();
        var count = FillInto(words, cpu, scratch, _scratchSlots);
        var window = scratch[..count];
        if (Window.IsVoid(window))
            return false;
        var slots = 0;
        for (var i = 0; i < count; i++)
        {
            if (!Window.CanRetire(window[i]))
                break;
            if (i + 1 == count || _scratchSlots[i + 1] != _scratchSlots[i])
                slots = _scratchSlots[i] + 1;
        }

        for (var i = 0; i < count; i++)
        {
            if (window[i].Overwritten && !Window.OverwrittenMatters(window, i))
                fields.Overwritten[_scratchSlots[i]].Write(words, 0);
        }

        if (slots > 0)
            Shift(words, fields, slots);
        return true;
    }

    private void Shift(Span<ulong> words, WindowFields fields, int slots)
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            var from = slot + slots;
            var keep = from < _slots;
            fields.Code[slot].Write(words, keep ? fields.Code[from].Read(words) : 0);
            fields.Read[slot].Write(words, keep ? fields.Read[from].Read(words) : 0);
            fields.Written[slot].Write(words, keep ? fields.Written[from].Read(words) : 0);
            fields.Progress[slot].Write(words, keep ? fields.Progress[from].Read(words) : 0);
            fields.Overwritten[slot].Write(words, keep ? fields.Overwritten[from].Read(words) : 0);
        }
    }

    private int Fill(Span<ulong> words, int cpu) => FillInto(words, cpu, _instances[cpu], _slotOf[cpu]);

    private int FillInto(Span<ulong> words, int cpu, Span<Instance> into, int[] slotOf)
    {
        var fields = _windows[cpu];
        var count = 0;
        for (var slot = 0; slot < _slots; slot++)
        {
            var code = fields.Code[slot].Read(words);
            if (code == 0)
                break;
            var move = _windowed[cpu][code - 1];
            var access = move.Access;
            slotOf[count] = slot;
            var at = count;
            var progress = (Progress)fields.Progress[slot].Read(words);
            into[count++] = new Instance
            {
                Kind = access.Kind,
                Flags = access.Flags,
                Fence = access.Fence,
                Progress = progress,
                Address = Knowledge.Final,
                Data = access.Kind == InstanceKind.Rmw && move.IsGuessed && progress == Progress.Waiting ? Knowledge.Unknown : Knowledge.Final,
                Overwritten = fields.Overwritten[slot].Read(words) != 0,
                Location = access.Variable is { } variable ? _locations[variable] : access.Text is { } text ? (short)(_locations.Count + Scheme.Fields.Texts.IndexOf(text)) : Instance.UnknownLocation,
            };
            if (access.Branches)
            {
                slotOf[count] = slot;
                var known = into[at].HasRead ? Window.SourceKnowledge(into[..count], at) : Knowledge.Unknown;
                into[count++] = new Instance { Kind = InstanceKind.Branch, Address = Knowledge.Final, Data = known, Location = Instance.UnknownLocation };
            }

            if (access.FenceAfter)
            {
                slotOf[count] = slot;
                into[count++] = new Instance { Kind = InstanceKind.Fence, Fence = Memory.FenceKind.DmbFull, Address = Knowledge.Final, Data = Knowledge.Final, Location = Instance.UnknownLocation };
            }
        }

        if (count > 0)
            Window.Settle(_model, into[..count]);
        return count;
    }

    /// <summary>Puts a CPU's own writes that others do not see yet over the memory.</summary>
    private void Overlay(Span<ulong> words, int cpu)
    {
        var fields = _windows[cpu];
        for (var slot = 0; slot < _slots; slot++)
        {
            var code = fields.Code[slot].Read(words);
            if (code == 0)
                return;
            var move = _windowed[cpu][code - 1];
            if (move.Access is { Kind: InstanceKind.Store or InstanceKind.Rmw, Variable: { } variable })
                variable.Write(words, fields.Written[slot].Read(words));
        }
    }

    private bool IsTainted(Span<ulong> words, int cpu, ulong uses)
    {
        if (uses == 0)
            return false;
        var fields = _windows[cpu];
        for (var slot = 0; slot < _slots; slot++)
        {
            var code = fields.Code[slot].Read(words);
            if (code == 0)
                return false;
            if (fields.Progress[slot].Read(words) == (int)Progress.Waiting && (_windowed[cpu][code - 1].Taints & uses) != 0)
                return true;
        }

        return false;
    }

    private int FirstEmpty(Span<ulong> words, int cpu)
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            if (_windows[cpu].Code[slot].Read(words) == 0)
                return slot;
        }

        return -1;
    }

    private struct Sink(Successor<T>[] buffer)
    {
        public Successor<T>[] Buffer { get; private set; } = buffer;

        public int Count { get; private set; }

        public void Add(Successor<T> successor)
        {
            if (Count == Buffer.Length)
            {
                var larger = Buffer;
                Array.Resize(ref larger, Count * 2);
                Buffer = larger;
            }

            Buffer[Count++] = successor;
        }
    }
}
