using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.InFlight;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>
/// One CPU's accesses in flight as the words of a state hold them: slots, oldest first, without gaps.
/// </summary>
/// <param name="fields">Where they are in a state.</param>
/// <param name="moves">The CPU's windowed moves, by code less one.</param>
/// <param name="rules">The ordering rules that hold.</param>
/// <param name="shared">The bit that several variables share, if there is one.</param>
/// <param name="marks">What accesses violate if they turn out to count.</param>
/// <param name="left">Gets what leaves.</param>
internal sealed class CpuWindow<T>(
    WindowFields fields,
    WindowedMove<T>[] moves,
    RuleSet rules,
    ulong shared,
    AccessMarks marks,
    Departures left
) : InFlightWindow<ulong>(rules, fields.Slots, Capacity(fields.Slots))
    where T : unmanaged, IPacked<T>
{
    // A slot is an access, the branch behind it, and the fence of an LL/SC atomic; one more for a step that asks
    // whether it may be taken.
    private const int InstancesPerSlot = 3;

    private static readonly Instance s_fence = new()
    {
        Kind = InstanceKind.Fence,
        Fence = BarrierKind.DmbFull,
        Address = Knowledge.Final,
        Data = Knowledge.Final,
        Location = Instance.UnknownLocation,
    };

    private static readonly Instance s_branch = new()
    {
        Kind = InstanceKind.Branch,
        Address = Knowledge.Final,
        Location = Instance.UnknownLocation,
    };

    private readonly int _slots = fields.Slots;

    /// <summary>Most instances of so many slots.</summary>
    public static int Capacity(int slots) => (slots * InstancesPerSlot) + 1;

    /// <summary>Variables, as bits, whose value hangs on a read that has not taken place.</summary>
    public ulong Unknown { get; private set; }

    /// <summary>Variables whose value hangs on a prediction only.</summary>
    public ulong Speculative { get; private set; }

    /// <summary>Variables whose value may turn out otherwise.</summary>
    public ulong Unsettled => Unknown | Speculative;

    /// <summary>A branch is not settled.</summary>
    public bool IsSpeculative { get; private set; }

    /// <summary>What the step that was taken last violates.</summary>
    public uint Violated { get; private set; }

    /// <summary>Nothing is in flight.</summary>
    public bool IsEmpty(ReadOnlySpan<ulong> words) => fields.Code[0].Read(words) == 0;

    public override bool Holds(ReadOnlySpan<ulong> words, int entry) => fields.Code[entry].Read(words) != 0;

    /// <summary>The move in a slot, or null.</summary>
    public WindowedMove<T>? MoveAt(ReadOnlySpan<ulong> words, int slot) =>
        fields.Code[slot].Read(words) is var code && code == 0 ? null : moves[code - 1];

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

    protected override void BeginFill(ReadOnlySpan<ulong> words)
    {
        Unknown = Speculative = 0;
        IsSpeculative = false;
    }

    protected override void Describe(ReadOnlySpan<ulong> words, int slot)
    {
        var move = moves[fields.Code[slot].Read(words) - 1];
        ref var access = ref Add(slot, move.Instance);
        access.Progress = (Progress)fields.Progress[slot].Read(words);
        access.Overwritten = fields.Overwritten[slot].Read(words) != 0;
        if (move.HasFlow)
            FollowFlow(move.Flow, ref access, slot);
        if (move.FenceAfter)
            Add(slot, s_fence);
    }

    // W8: what depends on what is derived from what is in flight, oldest first.
    private void FollowFlow(Flow flow, ref Instance access, int slot)
    {
        var read =
            !access.Reads ? Knowledge.Final
            : access.Progress == Progress.Waiting ? Knowledge.Unknown
            : Window.SourceKnowledge(Instances, Count - 1);
        var (unknown, speculative) = (Unknown, Speculative);
        access.Data = flow.Data.Level(unknown, speculative, read);
        // Which way a compare-and-swap goes is predicted: good enough for the CPU's own reads.
        if (access.Data == Knowledge.Final && flow.Outcome.Level(unknown, speculative, read) != Knowledge.Final)
            access.Data = Knowledge.Speculative;
        foreach (var (variable, on) in flow.Writes)
            SetLevel(variable, on.Level(unknown, speculative, read));
        if (flow.Memory != 0)
            SetLevel(flow.Memory, access.WritePending ? access.Data : Knowledge.Final);
        var branch = flow.Branch.Level(unknown, speculative, read);
        if (branch == Knowledge.Final)
            return;
        IsSpeculative = true;
        Add(slot, s_branch with { Data = branch });
    }

    private void SetLevel(ulong variable, Knowledge level)
    {
        var keep = ~variable | shared;
        Unknown = (Unknown & keep) | (level == Knowledge.Unknown ? variable : 0);
        Speculative = (Speculative & keep) | (level == Knowledge.Speculative ? variable : 0);
    }

    public override void SetProgress(Span<ulong> words, int slot, Progress progress) =>
        fields.Progress[slot].Write(words, (int)progress);

    protected override void SetOverwritten(Span<ulong> words, int slot, bool overwritten) =>
        fields.Overwritten[slot].Write(words, overwritten ? 1 : 0);

    /// <summary>A read returns what was guessed when it was issued, or does not take place (W2).</summary>
    public override bool TakeValue(Span<ulong> words, int instance, int source)
    {
        Violated = 0;
        var slot = EntryOf(instance);
        var move = moves[fields.Code[slot].Read(words) - 1];
        if (
            !ValueFits(words, slot, move, source)
            || !move.AtRead.TryMake(T.From(words), out var after, out var violated)
        )
        {
            return false;
        }

        after.CopyTo(words);
        if (violated != 0)
            MarkViolation(words, slot, marks.Of(violated));
        return true;
    }

    /// <summary>The value that a read would return is the one that was guessed.</summary>
    public bool ValueFits(ReadOnlySpan<ulong> words, int slot, WindowedMove<T> move, int source)
    {
        if (!move.IsGuessed || move.Access.Variable is not { } variable)
            return true;
        var value = source == Window.FromMemory ? variable.Read(words) : fields.Written[EntryOf(source)].Read(words);
        return value == fields.Read[slot].Read(words);
    }

    public override void TakeEffect(Span<ulong> words, int instance)
    {
        var slot = EntryOf(instance);
        var move = moves[fields.Code[slot].Read(words) - 1];
        move.Access.Variable?.Write(words, fields.Written[slot].Read(words));
        if (move.Deferred.TryMake(T.From(words), out var after, out var violated))
            after.CopyTo(words);
        Violated = violated;
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

    /// <summary>What a read of a variable would return now: the CPU's youngest write that waits, else memory.</summary>
    public int Pending(ReadOnlySpan<ulong> words, Field variable)
    {
        var value = variable.Read(words);
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (IsPendingWrite(words, slot, move) && move.Access.Variable == variable)
                value = fields.Written[slot].Read(words);
        }

        return value;
    }

    /// <summary>
    /// Another CPU writes a location, and a read of it that waits can never return its guess any more: none of this
    /// CPU's own writes is pending before it, and no other CPU ever writes the guess.
    /// </summary>
    public bool IsRefuted(ReadOnlySpan<ulong> words, int cpu, short location, ForeignValues foreign)
    {
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (move.Instance.Location != location || move.Access.Variable is not { } variable)
                continue;
            if (
                move.IsGuessed
                && fields.Progress[slot].Read(words) == (int)Progress.Waiting
                && !foreign.MayBe(cpu, variable, fields.Read[slot].Read(words))
            )
            {
                return true;
            }

            if (IsPendingWrite(words, slot, move))
                return false;
        }

        return false;
    }

    private bool IsPendingWrite(ReadOnlySpan<ulong> words, int slot, WindowedMove<T> move) =>
        move.Instance.Writes && fields.Progress[slot].Read(words) != (int)Progress.Done;

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
    protected override bool Follow(Span<ulong> words)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Instances[i].Kind == InstanceKind.Branch && Instances[i].Data != Knowledge.Final)
                break;
            var slot = EntryOf(i);
            if (Instances[i].Kind != InstanceKind.Store || MoveAt(words, slot) is not { Announcement: { } marks } move)
                continue;
            var announced = (Announcement)fields.Announced[slot].Read(words);
            if (announced == Announcement.Made || !marks.TryMake(T.From(words), out var after, out _))
                continue;
            after.CopyTo(words);
            if (announced == Announcement.VouchedFor)
                move.Returned!.Write(words, 1);
            fields.Announced[slot].Write(words, (int)Announcement.Made);
        }

        return true;
    }

    /// <summary>
    /// Gives the window to who looks for dead ends. A compare-and-swap that may yet fail need not write.
    /// </summary>
    public void Describe(ReadOnlySpan<ulong> words, int cpu, DeadEnds into)
    {
        var window = Fill(words);
        for (var i = 0; i < window.Length; i++)
        {
            if (
                window[i].Kind == InstanceKind.Rmw
                && window[i].Progress == Progress.Waiting
                && MoveAt(words, EntryOf(i)) is { Failing: not null }
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
    public bool Accesses(ReadOnlySpan<short> locations)
    {
        foreach (ref readonly var instance in Instances)
        {
            if (instance.AccessPending && locations.Contains(instance.Location))
                return true;
        }

        return false;
    }

    /// <summary>From now on it counts what the steps that leave violate.</summary>
    protected override void Leave(Span<ulong> words, int entries)
    {
        for (var slot = 0; slot < entries; slot++)
            left.Add(MoveAt(words, slot)!.Move, fields.Violated[slot].Read(words));
        if (entries > 0)
            Shift(words, 0, entries);
        for (var slot = 0; slot < _slots && MoveAt(words, slot) is { } move; slot++)
        {
            if (!move.LeavesWhenDone || fields.Progress[slot].Read(words) != (int)Progress.Done)
                continue;
            left.Add(move.Move, fields.Violated[slot].Read(words));
            Shift(words, slot--, 1);
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
