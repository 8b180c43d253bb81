using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive.Tso;

/// <summary>
/// Schemes under x86-TSO, read anew from Owens, Sarkar and Sewell (2009): a buffer of stores for each CPU, first in,
/// first out; a CPU sees its own; locked instructions and fences wait for an empty buffer. Nothing is shared with the
/// product's windows below the syntax tree.
/// </summary>
internal sealed class TsoChecker
{
    private const int MostPending = 7;

    private readonly Scheme _scheme;
    private readonly NaiveMachine _machine;
    private readonly NaiveValues _values;
    private readonly HashSet<int> _inMemory;

    private TsoChecker(Scheme scheme, int cpus)
    {
        _scheme = scheme;
        var knobs = new Dictionary<string, int>();
        _machine = new NaiveMachine(scheme, knobs, cpus, () => new StaleBits(0, cpus, 0, false, false, false))
        {
            StrikesItself = false,
        };
        _values = _machine.Values;
        var shared = scheme.Variables.Values.Where(IsInMemory);
        _inMemory = [.. shared.SelectMany(_values.Layout.InstancesOf).Select(i => i.Slot)];
    }

    /// <summary>What the exploration finds: violated properties, and what is true at each position.</summary>
    /// <returns>Null if the space is larger, or more is pending than a window of the product holds.</returns>
    public static TsoResult? Run(Scheme scheme, int cpus, int maxStates) =>
        new TsoChecker(scheme, cpus).Explore(cpus, maxStates);

    private TsoResult? Explore(int cpus, int maxStates)
    {
        var result = new TsoResult();
        var seen = new HashSet<TsoState>();
        var open = new Queue<TsoState>();
        foreach (var start in _machine.Starts())
        {
            Reach(
                new TsoState(
                    start,
                    [.. Enumerable.Repeat<IReadOnlyList<Pending>>([], cpus)],
                    [.. Enumerable.Repeat(-1, _values.Layout.VariableCount)]
                )
            );
        }

        while (open.TryDequeue(out var state))
        {
            if (seen.Count > maxStates || state.Buffers.Any(b => b.Count > MostPending))
                return null;
            for (var cpu = 0; cpu < cpus; cpu++)
            {
                var view = state.ViewOf(cpu);
                result.See(_machine.Standings(view).Single(s => s.Cpu == cpu), _machine.RoleOf(cpu));
                if (state.Buffers[cpu].Count > 0)
                    Reach(Drain(state, cpu, result));
                foreach (
                    var move in _machine
                        .MovesOf(view, cpu)
                        .Where(m => state.Buffers[cpu].Count == 0 || !WaitsForStores(m))
                )
                {
                    // A store is judged when it becomes visible (W13).
                    result.Violated.UnionWith(
                        StoreOf(move) is null ? move.Violated : move.Violated.Where(p => p != "S3")
                    );
                    if (ReadBy(move, view, cpu).Any(v => IsOld(state, cpu, v, view.Variables[v])))
                        result.Violated.Add("S2");
                    var after = After(state, cpu, move);
                    if (move.Returned is not null && IsAnyOld(after))
                        result.Violated.Add("S2");
                    Reach(after);
                }
            }
        }

        return result;

        void Reach(TsoState state)
        {
            var struck = _machine.Strike(state.Memory, _values.InEqs(state.Memory));
            var next = ReferenceEquals(struck, state.Memory)
                ? state
                : new TsoState(struck, state.Buffers, state.Returned);
            if (seen.Add(next))
                open.Enqueue(next);
        }
    }

    /// <summary>The oldest that is pending takes place; reads after it are complete.</summary>
    private TsoState Drain(TsoState state, int cpu, TsoResult result)
    {
        var first = state.Buffers[cpu][0];
        var memory = state.Memory;
        if (first.Variable >= 0)
        {
            var records = _values.Records;
            if (
                first.Lifetime != Lifetime.Alloc && records.IsFreed(memory, first.Variable)
                || first.Lifetime is Lifetime.None && records.IsDrained(memory, first.Variable)
            )
            {
                result.Violated.Add("S3");
            }

            memory = memory.WithVariable(first.Variable, first.Value);
            if (first.Lifetime != Lifetime.None)
                memory = records.Lived(memory, first.Lifetime, first.Variable);
        }

        if (first.Text >= 0)
        {
            memory = memory.WithText(
                first.Text,
                first.IsClean ? memory.Texts[first.Text].Clean() : memory.Texts[first.Text].Invalidate()
            );
        }

        if (first.Mapping is { } mapping)
        {
            // Until the entry is visible a CPU may walk the page table again; what a kick vouches for stays (W16).
            memory =
                mapping.Kind == MappingStepKind.Unmap
                    ? _values.Records.MarkedAgain(memory, mapping)
                    : _values.Records.Mapped(memory, cpu, mapping);
        }

        return state.With(memory, cpu, [.. state.Buffers[cpu].Skip(1).SkipWhile(p => p.Read >= 0)]);
    }

    /// <summary>A step's own doings happen at once; what it stores goes into the buffer.</summary>
    private TsoState After(TsoState state, int cpu, Move move)
    {
        var buffer = state.Buffers[cpu];
        var variables = move.Target.Variables.ToArray();
        // With an empty buffer a locked instruction works on memory itself.
        if (buffer.Count > 0)
        {
            foreach (var variable in _inMemory)
                variables[variable] = state.Memory.Variables[variable];
        }

        List<int> written = [];
        if (StoreOf(move) is { } store)
        {
            var slot = _values.Slot(store, move.Target, cpu, move.Names);
            var value = move.Target.Variables[slot];
            var lifetime = move.Taken is AssignStep assign ? assign.Lifetime : Lifetime.None;
            // What the store does happens when it takes place; what the CPU keeps for itself happens now.
            if (lifetime != Lifetime.None)
                variables = [.. state.Memory.Variables];
            foreach (var variable in _inMemory)
                variables[variable] = state.Memory.Variables[variable];
            buffer = [.. buffer, new Pending { Variable = slot, Value = value, Lifetime = lifetime }];
            written.Add(slot);
        }
        else if (move.Taken is RmwStep or CasStep)
        {
            written.AddRange(_inMemory.Where(v => variables[v] != state.Memory.Variables[v]));
            if (move.Taken is RmwStep rmw)
                written.Add(_values.Slot(rmw.Target, move.Target, cpu, move.Names));
        }

        var texts = move.Target.Texts;
        if (move.Taken is TextStep { Kind: not TextStepKind.Write } text)
        {
            texts = state.Memory.Texts;
            var location = _values.Text(text.Site, state.Memory, cpu, move.Names);
            buffer = [.. buffer, new Pending { Text = location, IsClean = text.Kind == TextStepKind.CleanData }];
        }

        if (move.Taken is MappingStep { Kind: MappingStepKind.Unmap or MappingStepKind.Broadcast } mapping)
        {
            if (mapping.Kind == MappingStepKind.Broadcast)
                variables = [.. state.Memory.Variables];
            buffer = [.. buffer, new Pending { Mapping = mapping }];
        }

        if (buffer.Count > 0 && StoreOf(move) is null)
        {
            var view = state.ViewOf(cpu);
            buffer =
            [
                .. buffer,
                .. ReadBy(move, view, cpu).Select(v => new Pending { Read = v, Value = view.Variables[v] }),
            ];
        }

        var after = state.With(new NaiveState(move.Target.Cpus, variables, texts), cpu, buffer);
        if (written.Count > 0)
            after = after.WithReturned(written, -1);
        if (move.Returned is { } kick)
        {
            var vouched = kick.Returns.Where(r => _scheme.Variables.ContainsKey(r.Name));
            after = after.WithReturned(
                [.. vouched.Select(r => _values.Slot(r, state.Memory, cpu, move.Names))],
                cpu
            );
        }

        return after;
    }

    /// <summary>The variables in memory that a step reads.</summary>
    private IEnumerable<int> ReadBy(Move move, NaiveState view, int cpu) =>
        move.Taken switch
        {
            AssignStep s => _values.Decided.MemorySlots(s.Value, cpu, move.Names),
            WhenStep s => _values.Decided.MemorySlots(s.Condition, cpu, move.Names),
            WaitStep s => _values.Decided.MemorySlots(s.Condition, cpu, move.Names),
            RmwStep s => [_values.Slot(s.Target, view, cpu, move.Names)],
            CasStep s => [_values.Slot(s.Target, view, cpu, move.Names)],
            SelectStep s when _scheme.Policies[s.Policy] is { SkipWhen: { } skip } policy =>
                _values.Decided.MemorySlots(
                    skip,
                    cpu,
                    new CpuName(policy.Variable, _values.Evaluate(s.Cpu, view, cpu, move.Names).Number, null)
                ),
            _ => [],
        };

    /// <summary>W14: a kick for the variable has returned, and its CPU sees something else.</summary>
    private static bool IsOld(TsoState state, int cpu, int variable, int value) =>
        state.Returned[variable] is var kicker and >= 0
        && kicker != cpu
        && state.ViewOf(kicker).Variables[variable] != value;

    /// <summary>
    /// A kick has just returned, and another CPU has read something else: in program order after what is still on its
    /// way.
    /// </summary>
    private static bool IsAnyOld(TsoState state) =>
        Enumerable
            .Range(0, state.Buffers.Count)
            .Any(cpu => state.Buffers[cpu].Any(p => p.Read >= 0 && IsOld(state, cpu, p.Read, p.Value)));

    private NameExpression? StoreOf(Move move) =>
        move.Taken switch
        {
            AssignStep s when IsInMemory(_scheme.Variables[s.Target.Name]) => s.Target,
            UnlockStep s => s.Lock,
            _ => null,
        };

    private static bool IsInMemory(VariableDeclaration variable) =>
        variable.Storage is Storage.Shared or Storage.PerCpu or Storage.Pairwise;

    /// <summary>
    /// Locked instructions, fences, what serialises, and what the interrupt controller is told (T3 to T5, W4).
    /// </summary>
    private bool WaitsForStores(Move move) => move.Taken is { } step && WaitsForStores(step);

    private bool WaitsForStores(Step step) =>
        step switch
        {
            RmwStep or CasStep or LockStep or SendStep => true,
            FenceStep fence => fence.Kind is FenceKind.SmpMb or FenceKind.Dsb,
            MappingStep mapping => mapping.Kind == MappingStepKind.Flush, // W16
            SyncStep sync => Serialises(sync.Kind),
            TogetherStep together => together.Body.Any(WaitsForStores),
            _ => false,
        };

    private bool Serialises(SyncKind kind) =>
        kind switch
        {
            SyncKind.X86Exception or SyncKind.Sysret => false,
            SyncKind.Exception => !_values.IsOff("eis"),
            SyncKind.Eret => !_values.IsOff("eos"),
            _ => true,
        };
}
