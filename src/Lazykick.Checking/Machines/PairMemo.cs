using System.Runtime.CompilerServices;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// States as parts. A part is numbered when it is first met, a state is the numbers of its parts in one word, and what
/// a CPU can do is asked of the machine once for each pair of its own part and the shared one.
/// </summary>
internal sealed class PairMemo<T>
    where T : unmanaged, IPacked<T>
{
    // Spare bits of each part's number: a layout that is full means to enter every state anew.
    private const int SpareBits = 3;

    // Among numbers of parts, counted from 1.
    private const int Refused = 0;

    private readonly Machine<T> _machine;
    private readonly Func<Move, bool>? _takes;
    private readonly Partition<T> _partition;
    private readonly PartTable<T>[] _parts;
    private readonly PairTable[] _pairs;
    private readonly PairTable[] _received;
    private readonly List<Notice> _notices = [default];
    private readonly List<PairMove> _moves = [];
    private readonly List<PairFacts<T>?> _facts = [];
    private readonly PartQuestion<T>[] _holds;
    private readonly PairJudge<T> _judge;
    private Successor<T>[] _buffer = new Successor<T>[16];
    private (int Start, int End)[] _ranges = new (int, int)[1 << 8];
    private MoveChange[] _changes = new MoveChange[1 << 8];

    /// <summary>A memo that has met nothing.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="takes">The moves that are looked at; null: all.</param>
    public PairMemo(Machine<T> machine, Func<Move, bool>? takes)
    {
        (_machine, _takes) = (machine, takes);
        var cpus = Enumerable.Range(0, machine.Cpus).ToList();
        _partition = new Partition<T>(machine.Scheme.Fields.Layout, [.. cpus.Select(machine.FieldsOf)]);
        _parts = [.. _partition.Masks.Select(mask => new PartTable<T>(mask))];
        _pairs = [.. cpus.Select(_ => new PairTable())];
        _received = [.. cpus.Select(_ => new PairTable())];
        _holds = [.. machine.Scheme.Windows.Select((w, c) => Ask(w.Code[0], state => machine.HoldsLocation(state, c)))];
        _judge = new PairJudge<T>(machine);
        Layout = KeyLayout.For([.. _parts.Select(_ => 1)], SpareBits);
    }

    /// <summary>How the parts' numbers lie in a key.</summary>
    public KeyLayout Layout { get; private set; }

    /// <summary>A part was numbered for which the layout has no room: keys have to be rewritten.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What was noted at each position.</summary>
    public PairJudge<T> Judge => _judge;

    /// <summary>Distinct values of each part, that of CPU0 first, the shared one last.</summary>
    public IReadOnlyList<int> Parts => [.. _parts.Select(p => p.Count)];

    /// <summary>Pairs that were met.</summary>
    public int Pairs => _facts.Count;

    private int SharedPart => _parts.Length - 1;

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

    /// <summary>Fetches what <see cref="PairOf"/> needs into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong key)
    {
        var shared = Layout.Of(key, SharedPart);
        for (var cpu = 0; cpu < _pairs.Length; cpu++)
            _pairs[cpu].Prefetch(Layout.Of(key, cpu), shared);
    }

    /// <summary>The pair of a CPU's own part and the shared one in a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PairOf(ulong key, int cpu)
    {
        var (own, shared) = (Layout.Of(key, cpu), Layout.Of(key, SharedPart));
        var pair = _pairs[cpu].Find(own, shared);
        return pair >= 0 ? pair : Fill(cpu, own, shared);
    }

    /// <summary>Numbers of a pair's first move, and after its last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Start, int End) MovesOf(int pair) => _ranges[pair];

    /// <summary>What a move does to a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly MoveChange ChangeOf(int move) => ref _changes[move];

    /// <summary>Makes a move.</summary>
    /// <param name="key">The state.</param>
    /// <param name="cpu">The CPU that moves.</param>
    /// <param name="move">Number of the move, which is one of the CPU's pair in this state.</param>
    /// <param name="target">The state afterwards; meaningless if the memo <see cref="IsFull"/>.</param>
    /// <returns>False: another CPU refuses it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMake(ulong key, int cpu, int move, out ulong target)
    {
        ref readonly var change = ref _changes[move];
        target = key ^ change.Change;
        return (change.Notice == 0 && !change.HoldsLocation) || TryMake(cpu, move, ref target);
    }

    /// <summary>What a move is.</summary>
    public PairMove Move(int move) => _moves[move];

    /// <summary>What is to be judged where the pair meets; null if nothing is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PairFacts<T>? FactsOf(int pair) => _facts[pair];

    /// <summary>A question about a field's part of each state, answered once for each of its values.</summary>
    public PartQuestion<T> Ask(Field field, Func<T, bool> question) =>
        new(_parts[_partition.Owners[field.Id]], _partition.Owners[field.Id], question);

    /// <summary>Makes room in the keys for all parts there are.</summary>
    /// <returns>From the old form of a key to the new one.</returns>
    public Func<ulong, ulong> Widen()
    {
        var old = Layout;
        Layout = KeyLayout.For(Parts, SpareBits);
        IsFull = false;
        for (var cpu = 0; cpu < _pairs.Length; cpu++)
            _pairs[cpu].ForEach((own, shared, pair) => SetChanges(cpu, own, shared, pair));
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

    private int Fill(int cpu, int own, int shared)
    {
        var state = _parts[SharedPart].Put(_parts[cpu].Put(default, own), shared);
        var count = Taken(_machine.Expand(state, cpu, ref _buffer));
        var (pair, start) = (_facts.Count, _moves.Count);
        for (var i = 0; i < count; i++)
        {
            ref readonly var successor = ref _buffer[i];
            var (after, common) = (_parts[cpu].NumberOf(successor.Next), _parts[SharedPart].NumberOf(successor.Next));
            // The machine and the partition agree on whose each field is, or nothing here is right.
            if (!_parts[SharedPart].Put(_parts[cpu].Put(default, after), common).Equals(successor.Next))
            {
                throw new InvalidOperationException(
                    $"'{successor.Move.Instruction.Text}' on CPU{cpu} changes what belongs to another CPU"
                );
            }

            IsFull |= !Layout.Fits(cpu, after) || !Layout.Fits(SharedPart, common);
            _moves.Add(
                new PairMove(successor.Move, after, common, successor.Violations, successor.IfSettled, successor.Taken)
            );
            SetNotice(successor, _machine.HoldsLocation(successor.Next, cpu));
        }

        if (pair == _ranges.Length)
            Array.Resize(ref _ranges, 2 * pair);
        _ranges[pair] = (start, _moves.Count);
        _facts.Add(_judge.Judge(state, cpu, _buffer.AsSpan(0, count)));
        _pairs[cpu].Add(own, shared, pair);
        if (!IsFull)
            SetChanges(cpu, own, shared, pair);
        return pair;
    }

    private bool TryMake(int cpu, int move, ref ulong target)
    {
        var change = _changes[move];
        if (change.Notice != 0 && !TryNotify(cpu, change.Notice, ref target))
            return false;
        if (change.HoldsLocation && IsDeadEnd(cpu, target))
            return false;
        if (_moves[move].Taken.Count > 0)
        {
            _machine.Take(_moves[move].Taken);
            _moves[move] = _moves[move] with { Taken = [] };
        }

        return true;
    }

    private bool TryNotify(int cpu, int notice, ref ulong target)
    {
        var key = target;
        for (var other = 0; other < _pairs.Length; other++)
        {
            if (other == cpu)
                continue;
            var own = Layout.Of(key, other);
            var after = _received[other].Find(own, notice);
            if (after < 0)
                after = Receive(other, own, notice);
            if (after == Refused)
                return false;
            target ^= Layout.At(other, own) ^ Layout.At(other, after - 1);
        }

        return true;
    }

    // Rule W17. A CPU that moves can end in a dead end only within an atomic, and only if another CPU is within one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsDeadEnd(int cpu, ulong target)
    {
        // The key is of no use then, and the move is made again.
        if (IsFull)
            return false;
        for (var other = 0; other < _pairs.Length; other++)
        {
            if (other != cpu && _holds[other].Of(target, Layout))
                return _machine.IsDeadEnd(StateOf(target));
        }

        return false;
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

    private void SetNotice(in Successor<T> successor, bool holdsLocation)
    {
        var notice = _notices.IndexOf(successor.Notice);
        if (notice < 0)
        {
            notice = _notices.Count;
            _notices.Add(successor.Notice);
        }

        if (_moves.Count > _changes.Length)
            Array.Resize(ref _changes, 2 * _moves.Count);
        _changes[_moves.Count - 1] = new MoveChange(0, notice, successor.Move.IsFree, holdsLocation);
    }

    private void SetChanges(int cpu, int own, int shared, int pair)
    {
        for (var move = _ranges[pair].Start; move < _ranges[pair].End; move++)
        {
            var change =
                (Layout.At(cpu, own) ^ Layout.At(cpu, _moves[move].Own))
                | (Layout.At(SharedPart, shared) ^ Layout.At(SharedPart, _moves[move].Shared));
            _changes[move] = _changes[move] with { Change = change };
        }
    }
}
