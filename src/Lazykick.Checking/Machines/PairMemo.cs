using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// States as parts. A part is numbered when it is first met, a state is the numbers of its parts in one word, and what
/// a CPU can do is asked of the machine once for each pair of its own part and the shared one.
/// </summary>
internal sealed class PairMemo<T> : PairSteps<T>
    where T : unmanaged, IPacked<T>
{
    // Spare bits of each part's number: a layout that is full means to enter every state anew.
    private const int SpareBits = 3;

    // Among numbers of parts, counted from 1.
    private const int Refused = 0;

    private readonly Machine<T> _machine;
    private readonly DeadRegisters<T>? _dead;
    private readonly Func<Move, bool>? _takes;
    private readonly Partition<T> _partition;
    private readonly PartTable<T>[] _parts;
    private readonly PairTable[] _received;
    private readonly List<Notice> _notices = [default];
    private readonly List<PairMove> _moves = [];
    private readonly PartQuestion<T>[] _holds;
    private readonly PairJudge<T> _judge;
    private Successor<T>[] _buffer = new Successor<T>[16];

    /// <summary>A memo that has met nothing.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="dead">What counts as 0; null: nothing.</param>
    /// <param name="takes">The moves that are looked at; null: all.</param>
    public PairMemo(Machine<T> machine, DeadRegisters<T>? dead, Func<Move, bool>? takes)
        : base(machine.Cpus, KeyLayout.For([.. Enumerable.Repeat(1, machine.Cpus + 1)], SpareBits))
    {
        (_machine, _dead, _takes) = (machine, dead, takes);
        var cpus = Enumerable.Range(0, machine.Cpus).ToList();
        _partition = new Partition<T>(machine.Scheme.Fields.Layout, [.. cpus.Select(machine.FieldsOf)]);
        _parts = [.. _partition.Masks.Select(mask => new PartTable<T>(mask))];
        _received = [.. cpus.Select(_ => new PairTable())];
        _holds = [.. machine.Scheme.Windows.Select((w, c) => Ask(w.Code[0], state => machine.HoldsLocation(state, c)))];
        _judge = new PairJudge<T>(machine);
    }

    /// <summary>A part was numbered for which the layout has no room: keys have to be rewritten.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What was noted at each position.</summary>
    public PairJudge<T> Judge => _judge;

    /// <summary>Distinct values of each part, that of CPU0 first, the shared one last.</summary>
    public IReadOnlyList<int> Parts => [.. _parts.Select(p => p.Count)];

    /// <summary>The key of a state; its parts are numbered if they are new.</summary>
    public ulong KeyOf(in T state)
    {
        ulong key = 0;
        for (var part = 0; part < _parts.Length; part++)
        {
            var number = _parts[part].NumberOf(state);
            if (!Layout.Fits(part, number))
                IsFull = true;
            else
                key |= Layout.At(part, number);
        }

        return key;
    }

    /// <summary>The state of a key.</summary>
    public T StateOf(ulong key)
    {
        var state = default(T);
        for (var part = 0; part < _parts.Length; part++)
            state = _parts[part].Put(state, Layout.Of(key, part));
        return state;
    }

    /// <summary>A hash of a state that does not depend on how keys are packed.</summary>
    public ulong HashOf(ulong key)
    {
        ulong hash = 0;
        for (var part = 0; part < _parts.Length; part++)
            hash = Bits.Mix(hash + 0x9E3779B97F4A7C15UL + (uint)Layout.Of(key, part));
        return hash;
    }

    /// <summary>Has a CPU with these parts no guess outstanding?</summary>
    public bool IsSettled(int cpu, int own, int shared) => _machine.IsSettled(StateOf(cpu, own, shared), cpu);

    /// <summary>A state with a CPU's own part and the shared one; all else is 0.</summary>
    public T StateOf(int cpu, int own, int shared) => _parts[SharedPart].Put(_parts[cpu].Put(default, own), shared);

    /// <summary>What a move is.</summary>
    public PairMove Move(int move) => _moves[move];

    /// <summary>Each step is one move.</summary>
    public override ReadOnlySpan<int> MovesOf(int step) => new([step]);

    public override IReadOnlyList<PairNode> NodesOf(int pair) =>
        [new PairNode(PartsOf(pair).Own, PartsOf(pair).Shared, pair, [])];

    /// <summary>A question about a field's part of each state, answered once for each of its values.</summary>
    public PartQuestion<T> Ask(Field field, Func<T, bool> question) =>
        new(_parts[_partition.Owners[field.Id]], _partition.Owners[field.Id], question);

    public override void Save(BinaryWriter writer)
    {
        var words = new ulong[_machine.Scheme.Fields.Layout.Words];
        for (var part = 0; part < _parts.Length; part++)
        {
            writer.Write(Layout.Widths[part]);
            writer.Write(_parts[part].Count);
            for (var number = 0; number < _parts[part].Count; number++)
            {
                _parts[part][number].CopyTo(words);
                foreach (var word in words)
                    writer.Write(word);
            }
        }

        base.Save(writer);
        foreach (var move in _moves)
            writer.Write(move.Taken.Count == 0);
    }

    public override void Load(BinaryReader reader)
    {
        var words = new ulong[_machine.Scheme.Fields.Layout.Words];
        var widths = new int[_parts.Length];
        for (var part = 0; part < _parts.Length; part++)
        {
            widths[part] = reader.ReadInt32();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                for (var word = 0; word < words.Length; word++)
                    words[word] = reader.ReadUInt64();
                _parts[part].NumberOf(T.From(words));
            }
        }

        Use(new KeyLayout(widths));
        base.Load(reader);
        for (var i = 0; i < _moves.Count; i++)
        {
            if (!reader.ReadBoolean() || _moves[i].Taken.Count == 0)
                continue;
            _machine.Take(_moves[i].Taken);
            _moves[i] = _moves[i] with { Taken = [] };
        }
    }

    /// <summary>Makes room in the keys for all parts there are.</summary>
    /// <returns>From the old form of a key to the new one.</returns>
    public Func<ulong, ulong> Widen()
    {
        var old = Layout;
        Use(KeyLayout.For(Parts, SpareBits));
        IsFull = false;
        var layout = Layout;
        var parts = _parts.Length;
        return key =>
        {
            ulong form = 0;
            for (var part = 0; part < parts; part++)
                form |= layout.At(part, old.Of(key, part));
            return form;
        };
    }

    /// <summary>Leaves the moves in the buffer that are looked at.</summary>
    private int Taken(int count)
    {
        if (_takes is null)
            return count;
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            if (_takes(_buffer[i].Move))
                _buffer[taken++] = _buffer[i];
        }

        return taken;
    }

    protected override int Fill(int cpu, int own, int shared)
    {
        var state = StateOf(cpu, own, shared);
        var count = Taken(_machine.Expand(state, cpu, ref _buffer));
        var first = Steps;
        for (var i = 0; i < count; i++)
        {
            ref readonly var successor = ref _buffer[i];
            var next = _dead is null ? successor.Next : _dead.Clear(successor.Next, cpu);
            var (after, common) = (_parts[cpu].NumberOf(next), _parts[SharedPart].NumberOf(next));
            // The machine and the partition agree on whose each field is, or nothing here is right.
            if (!StateOf(cpu, after, common).Equals(next))
            {
                throw new InvalidOperationException(
                    $"'{successor.Move.Instruction.Text}' on CPU{cpu} changes what belongs to another CPU"
                );
            }

            IsFull |= !Layout.Fits(cpu, after) || !Layout.Fits(SharedPart, common);
            AddMove(successor, after, common, _machine.HoldsLocation(next, cpu));
        }

        var node = new PairNode(own, shared, Pairs, []);
        var pair = AddPair(cpu, own, shared, first, _judge.Judge(state, cpu, _buffer.AsSpan(0, count), node));
        if (!IsFull)
            SetChanges(cpu, own, shared, pair);
        return pair;
    }

    private void AddMove(in Successor<T> successor, int own, int shared, bool holdsLocation)
    {
        var notice = _notices.IndexOf(successor.Notice);
        if (notice < 0)
        {
            notice = _notices.Count;
            _notices.Add(successor.Notice);
        }

        // Within an atomic another access may make a dead end of the state (W17), so that it is not delayed.
        var kind =
            successor.Kind is StepKind.DelayableIssue or StepKind.DelayableStep
            && (successor.Violations != 0 || holdsLocation)
                ? StepKind.Other
                : successor.Kind;
        _moves.Add(new PairMove(successor.Move, kind, successor.Violations, successor.IfSettled, successor.Taken));
        Add(own, shared, new MoveChange(0, notice, successor.Move.IsFree, holdsLocation, 1));
    }

    protected override StepOutcome Finish(int cpu, int step, bool mayAsk, ref ulong target)
    {
        var change = ChangeOf(step);
        if (!mayAsk && _moves[step].Taken.Count > 0)
            return StepOutcome.Unknown;
        if (change.Notice != 0)
        {
            var told = Notify(cpu, change.Notice, mayAsk, ref target);
            if (told != StepOutcome.Made)
                return told;
        }

        if (change.HoldsLocation)
        {
            var end = DeadEnd(cpu, mayAsk, target);
            if (end != StepOutcome.Made)
                return end;
        }

        if (_moves[step].Taken.Count > 0)
        {
            _machine.Take(_moves[step].Taken);
            _moves[step] = _moves[step] with { Taken = [] };
        }

        return StepOutcome.Made;
    }

    /// <summary>Tells other CPUs of a move that was made, and looks for a dead end.</summary>
    /// <param name="cpu">The CPU that moved.</param>
    /// <param name="move">The move.</param>
    /// <param name="mayAsk">The machine may be asked.</param>
    /// <param name="target">The state after it; gets what the move does to others.</param>
    public StepOutcome End(int cpu, int move, bool mayAsk, ref ulong target) => Finish(cpu, move, mayAsk, ref target);

    private StepOutcome Notify(int cpu, int notice, bool mayAsk, ref ulong target)
    {
        var key = target;
        for (var other = 0; other < Cpus; other++)
        {
            if (other == cpu)
                continue;
            var own = Layout.Of(key, other);
            var after = _received[other].Find(own, notice);
            if (after < 0 && !mayAsk)
                return StepOutcome.Unknown;
            if (after < 0)
                after = Receive(other, own, notice);
            if (after == Refused)
                return StepOutcome.Refused;
            target ^= Layout.At(other, own) ^ Layout.At(other, after - 1);
        }

        return StepOutcome.Made;
    }

    // Rule W17. A CPU that moves can end in a dead end only within an atomic, and only if another CPU is within one.
    private StepOutcome DeadEnd(int cpu, bool mayAsk, ulong target)
    {
        // The key is of no use then, and the move is made again.
        if (IsFull)
            return StepOutcome.Made;
        for (var other = 0; other < Cpus; other++)
        {
            if (other == cpu)
                continue;
            if (!mayAsk && !_holds[other].IsAnswered(target, Layout))
                return StepOutcome.Unknown;
            if (!_holds[other].Of(target, Layout))
                continue;
            return !mayAsk ? StepOutcome.Unknown
                : _machine.IsDeadEnd(StateOf(target)) ? StepOutcome.Refused
                : StepOutcome.Made;
        }

        return StepOutcome.Made;
    }

    private int Receive(int cpu, int own, int notice)
    {
        var after = Refused;
        if (_machine.Receive(_parts[cpu][own], cpu, _notices[notice], out var state))
        {
            after = _parts[cpu].NumberOf(state) + 1;
            IsFull |= !Layout.Fits(cpu, after - 1);
        }

        _received[cpu].Add(own, notice, after);
        return after;
    }
}
