using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A space as it was searched: states as keys, by number; what follows each is in the memo.</summary>
internal sealed class PartSpace<T> : IGraph<SpaceStep>
    where T : unmanaged, IPacked<T>
{
    /// <summary>In <see cref="Policy"/>: there is a state to note, and it had no number yet.</summary>
    public const int NotNumbered = -2;

    private readonly Machine<T> _machine;
    private readonly DeadRegisters<T>? _dead;
    private readonly DelayedIssues<T>? _delayed;
    private readonly PartQuestion<T>[] _settled;

    /// <summary>An empty space.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="maxStates">Most states that it may hold.</param>
    /// <param name="takes">The moves that are looked at; null: all.</param>
    /// <param name="reduction">By what the space is smaller.</param>
    /// <param name="file">A file to keep the order of the states in; null: memory.</param>
    public PartSpace(
        Machine<T> machine,
        long maxStates,
        Func<Move, bool>? takes,
        Reduction reduction,
        string? file = null
    )
    {
        _machine = machine;
        _dead = reduction.DeadRegisters ? DeadRegisters<T>.Of(machine) : null;
        Memo = new PairMemo<T>(machine, _dead, takes);
        if (reduction.LazyIssue && machine.Scheme.Windows.Count > 0)
            _delayed = new DelayedIssues<T>(Memo, machine.Cpus);
        Steps = _delayed is null ? Memo : _delayed;
        States = new KeyTable(maxStates, Memo.Layout.Bits, file);
        Policy = new NativeList<int>(Math.Min(maxStates, KeyTable.MaxCount));
        _settled =
        [
            .. machine.Scheme.Windows.Select((w, cpu) => Memo.Ask(w.Code[0], state => machine.IsSettled(state, cpu))),
        ];
    }

    /// <summary>Every move on its own.</summary>
    public PairMemo<T> Memo { get; }

    /// <summary>The steps that are searched: moves, or several of them as one.</summary>
    public PairSteps<T> Steps { get; }

    /// <summary>By what the space is smaller, as people read it.</summary>
    public IReadOnlyList<string> Reductions =>
        [
            .. _dead is null ? Array.Empty<string>() : ["dead registers"],
            .. _delayed is { HasDelayed: true } ? ["lazy issue"] : Array.Empty<string>(),
            .. _machine.HasCut ? ["impossible guesses"] : Array.Empty<string>(),
        ];

    /// <summary>The keys of the states, by number.</summary>
    public KeyTable States { get; }

    /// <summary>
    /// By state: one that follows by a step that is not free, of the last CPU that has such a step; else -1, or
    /// <see cref="NotNumbered"/>.
    /// </summary>
    public NativeList<int> Policy { get; }

    public int Cpus => _machine.Cpus;

    public List<int> LevelStarts { get; } = [];

    IReadOnlyList<int> IGraph<SpaceStep>.LevelStarts => LevelStarts;

    /// <summary>Levels that were searched.</summary>
    public int Levels => LevelStarts.Count - 1;

    /// <summary>Bytes held for states.</summary>
    public long Bytes => States.Bytes + Policy.Bytes;

    /// <summary>No CPU has a guess outstanding.</summary>
    public bool AllSettled(ulong key)
    {
        foreach (var settled in _settled)
        {
            if (!settled.Of(key, Memo.Layout))
                return false;
        }

        return true;
    }

    /// <summary>The CPU has no guess outstanding.</summary>
    public bool IsSettled(ulong key, int cpu) => _settled.Length == 0 || _settled[cpu].Of(key, Memo.Layout);

    /// <summary>Lets several threads ask what is settled.</summary>
    public void AnswerAll()
    {
        foreach (var settled in _settled)
            settled.AnswerAll();
    }

    /// <summary>A question whether a field is not 0.</summary>
    public PartQuestion<T> Ask(Field field)
    {
        var predicate = new Predicate<T>(_machine.Scheme.Fields.Layout, new Value.Read(field));
        return Memo.Ask(field, state => predicate.Holds(state));
    }

    /// <summary>The key of a state, without what is dead.</summary>
    public ulong KeyOf(in T state) => Memo.KeyOf(Clear(state));

    private T Clear(T state)
    {
        for (var cpu = 0; _dead is not null && cpu < Cpus; cpu++)
            state = _dead.Clear(state, cpu);
        return state;
    }

    /// <summary>The level at which a state was found.</summary>
    public int LevelOf(int state) => Exploration.Levels.Of(LevelStarts, state);

    /// <summary>What <see cref="Policy"/> should have noted of a state.</summary>
    public int FindPolicy(int state)
    {
        var key = States.Keys[state];
        for (var cpu = Cpus - 1; cpu >= 0; cpu--)
        {
            var (start, end) = Steps.StepsOf(Steps.PairOf(key, cpu));
            for (var step = start; step < end; step++)
            {
                if (!Steps.ChangeOf(step).IsFree && Steps.TryMake(key, cpu, step, out var target))
                    return States.Find(target);
            }
        }

        return -1;
    }

    /// <summary>Finds the numbers of the states that follow one by moves that are not free.</summary>
    /// <param name="state">The state.</param>
    /// <param name="into">Receives them; grown as needed.</param>
    /// <returns>How many there are.</returns>
    public int Follow(int state, ref int[] into)
    {
        var count = 0;
        var key = States.Keys[state];
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var (start, end) = Steps.StepsOf(Steps.PairOf(key, cpu));
            if (count + end - start > into.Length)
                Array.Resize(ref into, 2 * (count + end - start));
            for (var step = start; step < end; step++)
            {
                if (!Steps.ChangeOf(step).IsFree && Steps.TryMake(key, cpu, step, out var target))
                    into[count++] = States.Find(target);
            }
        }

        return count;
    }

    public IReadOnlyList<(SpaceStep Move, int State)> Successors(int state) =>
        [.. StepsFrom(States.Keys[state]).Select(s => (s, States.Find(s.Next)))];

    /// <summary>The steps that can follow the state of a key.</summary>
    public IReadOnlyList<SpaceStep> StepsFrom(ulong key)
    {
        var successors = new List<SpaceStep>();
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var (start, end) = Steps.StepsOf(Steps.PairOf(key, cpu));
            for (var i = start; i < end; i++)
            {
                if (!Steps.TryMake(key, cpu, i, out var next))
                    continue;
                var moves = Steps.MovesOf(i).ToArray();
                var last = Memo.Move(moves[^1]);
                var isUncertain =
                    last.IfSettled != 0 && !AllSettled(After(key, moves.AsSpan(0, moves.Length - 1)));
                var ignored = isUncertain ? last.IfSettled : 0;
                var step = new SpaceStep(last.Move, last.Violations & ~ignored, next, moves)
                {
                    ReturnsEarly = last.Move.ReturnsKick && !IsSettled(next, cpu),
                };
                successors.Add(step);
            }
        }

        return successors;
    }

    /// <summary>
    /// The delayed issues after a state that end where old text may run, as steps; none if the state itself is such an
    /// end.
    /// </summary>
    /// <param name="key">Key of the state.</param>
    /// <param name="length">So many issues.</param>
    /// <param name="property">Index of the property, S1 or S1.windows.</param>
    /// <param name="counts">Where old text counts.</param>
    public IReadOnlyList<SpaceStep> StepsToOldText(ulong key, int length, int property, Func<Instruction, bool> counts)
    {
        if (length == 0)
            return [];
        var steps = new List<SpaceStep>();
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            foreach (var place in Steps.FactsOf(Steps.PairOf(key, cpu))?.Places ?? [])
            {
                var (node, instruction) = (place.Node, place.Position.Instruction);
                if (node.Way.Length != length || (place.Stale >> property & 1) == 0 || !counts(instruction))
                    continue;
                var next = Steps.KeyAt(key, cpu, node);
                if (AllSettled(next))
                    steps.Add(new SpaceStep(Memo.Move(node.Way[^1]).Move, 0, next, node.Way) { OldText = instruction });
            }
        }

        return steps;
    }

    public bool LeadsTo(int state, Func<int, int, bool> isAskedFor)
    {
        var key = States.Keys[state];
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var (start, end) = Steps.StepsOf(Steps.PairOf(key, cpu));
            for (var i = start; i < end; i++)
            {
                if (
                    Steps.TryMake(key, cpu, i, out var target)
                    && isAskedFor(States.Find(target), Steps.ChangeOf(i).Weight)
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The state after moves that no other CPU notices.</summary>
    private ulong After(ulong key, ReadOnlySpan<int> moves)
    {
        foreach (var move in moves)
            key ^= Memo.ChangeOf(move).Change;
        return key;
    }

    /// <summary>
    /// An execution as single moves, each with the words of the state after it, and nothing taken for 0 that is dead.
    /// </summary>
    /// <param name="start">Key of the state in which it begins.</param>
    /// <param name="steps">The steps.</param>
    public SchemeExecution Unfold(ulong start, IEnumerable<SpaceStep> steps)
    {
        var state = _machine.InitialStates().First(s => Memo.StateOf(start).Equals(Clear(s)));
        var first = Words(state);
        var unfolded = new List<(Move, ulong[])>();
        var buffer = new Successor<T>[16];
        var key = start;
        foreach (var step in steps)
        {
            foreach (var number in step.Moves)
            {
                var move = Memo.Move(number).Move;
                Memo.TryMake(key, step.Cpu, number, out key);
                var expected = Memo.StateOf(key);
                var count = _machine.Expand(state, step.Cpu, ref buffer);
                state = buffer.Take(count).First(s => s.Move == move && Clear(s.Next).Equals(expected)).Next;
                unfolded.Add((move, Words(state)));
            }
        }

        return new SchemeExecution(first, unfolded, null);
    }

    private ulong[] Words(in T state)
    {
        var words = new ulong[_machine.Scheme.Fields.Layout.Words];
        state.CopyTo(words);
        return words;
    }

    /// <summary>The words of a state.</summary>
    public ulong[] WordsOf(ulong key) => Words(Memo.StateOf(key));

    /// <summary>Rewrites all keys, with room for all parts there are.</summary>
    /// <returns>From the old form of a key to the new one.</returns>
    public Func<ulong, ulong> Widen()
    {
        var form = Memo.Widen();
        _delayed?.Widen();
        States.Rewrite(Memo.Layout.Bits, form);
        return form;
    }
}
