using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>One CPU's window as the words of a state hold it: slots, oldest first, without gaps.</summary>
/// <param name="fields">Where it is in a state.</param>
/// <param name="moves">The CPU's windowed moves, by code less one.</param>
/// <param name="model">The memory model.</param>
/// <param name="shared">The bit that several variables share, if there is one.</param>
internal sealed class CpuWindow<T>(WindowFields fields, WindowedMove<T>[] moves, MemoryModel model, ulong shared)
    where T : unmanaged, IPacked<T>
{
    private readonly int _slots = fields.Slots;
    private readonly InstanceList _scratch = new(fields.Slots);

    /// <summary>Fields of the window in a state.</summary>
    public WindowFields Fields => fields;

    /// <summary>The instances in the state that is being expanded.</summary>
    public InstanceList Now { get; } = new(fields.Slots);

    /// <summary>Nothing is in flight.</summary>
    public bool IsEmpty(ReadOnlySpan<ulong> words) => fields.Code[0].Read(words) == 0;

    /// <summary>The move in a slot, or null.</summary>
    public WindowedMove<T>? MoveAt(ReadOnlySpan<ulong> words, int slot) =>
        fields.Code[slot].Read(words) is var code && code == 0 ? null : moves[code - 1];

    /// <summary>The first slot that is empty, or -1.</summary>
    public int FirstEmpty(ReadOnlySpan<ulong> words)
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            if (fields.Code[slot].Read(words) == 0)
                return slot;
        }

        return -1;
    }

    /// <summary>Has no guess outstanding.</summary>
    public bool IsSettled(ReadOnlySpan<ulong> words)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (move.IsGuessed && fields.Progress[slot].Read(words) == (int)Progress.Waiting)
                return false;
        }

        return true;
    }

    /// <summary>Puts a move that is issued into an empty slot.</summary>
    public void Put(Span<ulong> words, int slot, WindowedMove<T> move, int guess, int written)
    {
        fields.Code[slot].Write(words, move.Code);
        fields.Read[slot].Write(words, move.IsGuessed ? guess : 0);
        fields.Written[slot].Write(words, move.Instance.Writes && move.Access.Variable is not null ? written : 0);
    }

    /// <summary>
    /// Finds the instances of a state, oldest first, and what of the CPU's variables is known behind them.
    /// </summary>
    public Span<Instance> Fill(ReadOnlySpan<ulong> words, InstanceList into)
    {
        into.Clear();
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            var at = into.Count;
            var access = move.Instance;
            access.Progress = (Progress)fields.Progress[slot].Read(words);
            access.Overwritten = fields.Overwritten[slot].Read(words) != 0;
            into.Add(slot, access);
            if (move.HasFlow)
                Follow(move.Flow, into, at, slot);
            if (move.FenceAfter)
            {
                into.Add(
                    slot,
                    new Instance
                    {
                        Kind = InstanceKind.Fence,
                        Fence = FenceKind.DmbFull,
                        Address = Knowledge.Final,
                        Data = Knowledge.Final,
                        Location = Instance.UnknownLocation,
                    }
                );
            }
        }

        if (into.Count > 0)
            Window.Settle(model, into.Instances);
        return into.Instances;
    }

    private void Follow(Flow flow, InstanceList into, int at, int slot)
    {
        ref var access = ref into[at];
        var read =
            !access.Reads ? Knowledge.Final
            : access.Progress == Progress.Waiting ? Knowledge.Unknown
            : Window.SourceKnowledge(into.Instances, at);
        var (unknown, speculative) = (into.Unknown, into.Speculative);
        access.Data = flow.Data.Level(unknown, speculative, read);
        // Which way a compare-and-swap goes is predicted: good enough for the CPU's own reads.
        if (access.Data == Knowledge.Final && flow.Outcome.Level(unknown, speculative, read) != Knowledge.Final)
            access.Data = Knowledge.Speculative;
        foreach (var (variable, on) in flow.Writes)
            Set(into, variable, on.Level(unknown, speculative, read));
        if (flow.Memory != 0)
            Set(into, flow.Memory, access.WritePending ? access.Data : Knowledge.Final);
        var branch = flow.Branch.Level(unknown, speculative, read);
        if (branch == Knowledge.Final)
            return;
        into.IsSpeculative = true;
        into.Add(
            slot,
            new Instance
            {
                Kind = InstanceKind.Branch,
                Address = Knowledge.Final,
                Data = branch,
                Location = Instance.UnknownLocation,
            }
        );
    }

    private void Set(InstanceList into, ulong variable, Knowledge level)
    {
        var keep = ~variable | shared;
        into.Unknown = (into.Unknown & keep) | (level == Knowledge.Unknown ? variable : 0);
        into.Speculative = (into.Speculative & keep) | (level == Knowledge.Speculative ? variable : 0);
    }

    /// <summary>Puts the CPU's own writes that others do not see yet over the memory.</summary>
    public void Overlay(Span<ulong> words)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (move.Instance.Writes && move.Access.Variable is { } variable)
                variable.Write(words, fields.Written[slot].Read(words));
        }
    }

    /// <summary>The value of a variable as the CPU sees it: its youngest write in flight, else memory.</summary>
    public int Written(ReadOnlySpan<ulong> words, Field variable)
    {
        var value = variable.Read(words);
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (move.Instance.Writes && move.Access.Variable == variable)
                value = fields.Written[slot].Read(words);
        }

        return value;
    }

    /// <summary>
    /// Marks the reads that another CPU's write overwrites. False: the write is not possible within this CPU's atomic.
    /// </summary>
    public bool Mark(Span<ulong> words, short location)
    {
        var window = Fill(words, _scratch);
        if (!Window.ForeignWrite(window, location))
            return false;
        KeepMarks(words, window);
        return true;
    }

    /// <summary>
    /// Marks the reads of a variable that returned something else than this value. Reads that nothing hangs on are not
    /// asked: they have no value.
    /// </summary>
    public void MarkStale(Span<ulong> words, Field variable, int value, int marks)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (
                move.Access.Variable == variable
                && move.IsGuessed
                && fields.Progress[slot].Read(words) != (int)Progress.Waiting
                && fields.Read[slot].Read(words) != value
            )
            {
                MarkViolation(words, slot, marks);
            }
        }
    }

    /// <summary>Marks the read that took the contents of an object, if it is still in flight.</summary>
    public bool MarkDrain(Span<ulong> words, Field variable, int marks)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (
                !move.IsDrain
                || move.Access.Variable != variable
                || fields.Progress[slot].Read(words) == (int)Progress.Waiting
            )
            {
                continue;
            }

            MarkViolation(words, slot, marks);
            return true;
        }

        return false;
    }

    public void MarkViolation(Span<ulong> words, int slot, int marks) =>
        fields.Violated[slot].Write(words, fields.Violated[slot].Read(words) | marks);

    /// <summary>
    /// A kick of this CPU returns for these: it vouches for the changes before it, also for those that are not certain
    /// yet.
    /// </summary>
    public void Vouch(Span<ulong> words, IReadOnlySet<Field> returned)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (
                move is { Announcement: not null, Returned: { } field }
                && returned.Contains(field)
                && fields.Announced[slot].Read(words) == (int)Announcement.None
            )
            {
                fields.Announced[slot].Write(words, (int)Announcement.VouchedFor);
            }
        }
    }

    // Rule W12: a change of text that is issued ahead of an unsettled branch may turn out not to happen, or to come
    // after what others do in the meantime. Its marks are set when the last branch before it is settled.
    private void Announce(Span<ulong> words, ReadOnlySpan<Instance> window)
    {
        for (var i = 0; i < window.Length; i++)
        {
            if (window[i].Kind == InstanceKind.Branch && window[i].Data != Knowledge.Final)
                return;
            var slot = _scratch.SlotOf(i);
            if (window[i].Kind != InstanceKind.Store || MoveAt(words, slot) is not { Announcement: { } marks } move)
                continue;
            var announced = (Announcement)fields.Announced[slot].Read(words);
            if (announced == Announcement.Made || !marks.TryMake(T.From(words), out var after, out _))
                continue;
            after.CopyTo(words);
            if (announced == Announcement.VouchedFor)
                move.Returned!.Write(words, 1);
            fields.Announced[slot].Write(words, (int)Announcement.Made);
        }
    }

    /// <summary>
    /// Gives the window to who looks for dead ends. A compare-and-swap that may yet fail need not write.
    /// </summary>
    public void Describe(ReadOnlySpan<ulong> words, int cpu, DeadEnds into)
    {
        var window = Fill(words, _scratch);
        for (var i = 0; i < window.Length; i++)
        {
            if (
                window[i].Kind == InstanceKind.Rmw
                && window[i].Progress == Progress.Waiting
                && MoveAt(words, _scratch.SlotOf(i)) is { Failing: not null }
            )
            {
                window[i].Kind = InstanceKind.Load;
            }
        }

        into.Set(cpu, window);
    }

    /// <summary>An atomic is between its read and its write.</summary>
    public bool HoldsLocation(ReadOnlySpan<ulong> words)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (move.Instance.Kind == InstanceKind.Rmw && fields.Progress[slot].Read(words) == (int)Progress.Read)
                return true;
        }

        return false;
    }

    /// <summary>Something in flight accesses one of these locations.</summary>
    public static bool Accesses(ReadOnlySpan<Instance> window, ReadOnlySpan<short> locations)
    {
        foreach (ref readonly var instance in window)
        {
            if (instance.AccessPending && locations.Contains(instance.Location))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Takes finished steps out, oldest first, and drops marks that no longer matter. False: the execution cannot be
    /// completed.
    /// </summary>
    /// <param name="words">The state.</param>
    /// <param name="violations">Marks of what the steps that are taken out violate: from now on they count.</param>
    /// <param name="taken">Gets their moves.</param>
    public bool Tidy(Span<ulong> words, ref int violations, List<Move> taken)
    {
        if (IsEmpty(words))
            return true;
        var window = Fill(words, _scratch);
        if (Window.IsVoid(window))
            return false;
        Announce(words, window);
        var finished = 0;
        for (var i = 0; i < window.Length && Window.CanRetire(window[i]); i++)
        {
            if (i + 1 == window.Length || _scratch.SlotOf(i + 1) != _scratch.SlotOf(i))
                finished = _scratch.SlotOf(i) + 1;
        }

        if (Window.DropMarks(window))
            KeepMarks(words, window);
        for (var slot = 0; slot < finished; slot++)
        {
            violations |= fields.Violated[slot].Read(words);
            taken.Add(MoveAt(words, slot)!.Move);
        }

        if (finished > 0)
            Shift(words, 0, finished);
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            // Nothing can take an acknowledge back, and nothing waits for one that was made (W18): it need not keep its
            // place.
            if (!move.IsAcknowledge || fields.Progress[slot].Read(words) != (int)Progress.Done)
                continue;
            taken.Add(move.Move);
            Shift(words, slot--, 1);
        }

        return true;
    }

    private void KeepMarks(Span<ulong> words, ReadOnlySpan<Instance> window)
    {
        for (var i = 0; i < window.Length; i++)
        {
            if (window[i].Reads)
                fields.Overwritten[_scratch.SlotOf(i)].Write(words, window[i].Overwritten ? 1 : 0);
        }
    }

    private void Shift(Span<ulong> words, int first, int by)
    {
        for (var slot = first; slot < _slots; slot++)
        {
            var from = slot + by;
            var keep = from < _slots;
            fields.Code[slot].Write(words, keep ? fields.Code[from].Read(words) : 0);
            fields.Read[slot].Write(words, keep ? fields.Read[from].Read(words) : 0);
            fields.Written[slot].Write(words, keep ? fields.Written[from].Read(words) : 0);
            fields.Progress[slot].Write(words, keep ? fields.Progress[from].Read(words) : 0);
            fields.Overwritten[slot].Write(words, keep ? fields.Overwritten[from].Read(words) : 0);
            fields.Violated[slot].Write(words, keep ? fields.Violated[from].Read(words) : 0);
            fields.Announced[slot].Write(words, keep ? fields.Announced[from].Read(words) : 0);
        }
    }
}
