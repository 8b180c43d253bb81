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
        _inMemory = [.. scheme.Variables.Values.Where(IsInMemory).SelectMany(v => _values.SlotsOf(v))];
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
            Reach(new TsoState(start, [.. Enumerable.Repeat<IReadOnlyList<Pending>>([], cpus)]));
        while (open.TryDequeue(out var state))
        {
            if (seen.Count > maxStates || state.Buffers.Any(b => b.Count > MostPending))
                return null;
            for (var cpu = 0; cpu < cpus; cpu++)
            {
                var view = state.ViewOf(cpu);
                result.See(_machine.Standings(view).Single(s => s.Cpu == cpu), _machine.RoleOf(cpu));
                if (state.Buffers[cpu].Count > 0)
                    Reach(Drain(state, cpu));
                foreach (
                    var move in _machine
                        .MovesOf(view, cpu)
                        .Where(m => state.Buffers[cpu].Count == 0 || !WaitsForStores(m))
                )
                {
                    result.Violated.UnionWith(move.Violated);
                    Reach(After(state, cpu, move));
                }
            }
        }

        return result;

        void Reach(TsoState state)
        {
            var struck = _machine.Strike(state.Memory, _values.InEqs(state.Memory));
            var next = ReferenceEquals(struck, state.Memory) ? state : new TsoState(struck, state.Buffers);
            if (seen.Add(next))
                open.Enqueue(next);
        }
    }

    private static TsoState Drain(TsoState state, int cpu)
    {
        var first = state.Buffers[cpu][0];
        var memory = state.Memory;
        if (first.Variable >= 0)
            memory = memory.WithVariable(first.Variable, first.Value);
        if (first.Text >= 0)
        {
            memory = memory.WithText(
                first.Text,
                first.IsClean ? memory.Texts[first.Text].Clean() : memory.Texts[first.Text].Invalidate()
            );
        }

        return state.With(memory, cpu, [.. state.Buffers[cpu].Skip(1)]);
    }

    /// <summary>A step's own doings happen at once; what it stores goes into the buffer.</summary>
    private TsoState After(TsoState state, int cpu, Move move)
    {
        var buffer = state.Buffers[cpu];
        var variables = move.Target.Variables.ToArray();
        // With an empty buffer a locked instruction works on memory itself.
        if (buffer.Count > 0 || StoreOf(move) is not null)
        {
            foreach (var variable in _inMemory)
                variables[variable] = state.Memory.Variables[variable];
        }

        if (StoreOf(move) is { } store)
        {
            var slot = _values.Slot(store, move.Target, cpu, move.Names);
            buffer = [.. buffer, new Pending(slot, move.Target.Variables[slot], -1, false)];
        }

        var texts = move.Target.Texts;
        if (move.Taken is TextStep { Kind: not TextStepKind.Write } text)
        {
            texts = state.Memory.Texts;
            var location = _values.Text(text.Site, state.Memory, cpu, move.Names);
            buffer = [.. buffer, new Pending(-1, 0, location, text.Kind == TextStepKind.CleanData)];
        }

        return state.With(new NaiveState(move.Target.Cpus, variables, texts), cpu, buffer);
    }

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
            MappingStep mapping => mapping.Kind == MappingStepKind.Flush,
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
