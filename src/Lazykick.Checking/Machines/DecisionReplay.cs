using Lazykick.Checking.Exploration;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Machines;

/// <summary>
/// What policies answer of a CPU that stays where it is while they ask: the asking CPU alone is followed from each
/// state of the space in which it begins. What a CPU that moves on meanwhile gets is no property of a state.
/// </summary>
internal sealed class DecisionReplay<T>(PartSpace<T> space, Machine<T> machine, Func<bool> isOver)
    where T : unmanaged, IPacked<T>
{
    private const int MostStates = 500;
    private const int StatesBetweenChecks = 1 << 12;

    private readonly HashSet<(string Policy, string State, bool Skips)> _answers = [];

    /// <summary>By pair: null until it was looked at.</summary>
    private IReadOnlyList<(PairNode Node, string Policy, int Target)>?[] _asked = new IReadOnlyList<(
        PairNode,
        string,
        int
    )>?[1 << 8];

    /// <summary>The answers by policy and state of the CPU that they are about.</summary>
    public IReadOnlyList<DecisionFacts> Run()
    {
        if (!machine.Scheme.Moves.Any(m => m.Instruction.Asks is not null))
            return [];
        for (var i = 0; i < space.States.Count; i++)
        {
            if (i % StatesBetweenChecks == 0 && isOver())
                break;
            AskFrom(i);
            // What the asking CPU does alone may lead to parts that have no number yet; then all is asked again.
            while (space.Memo.IsFull)
            {
                space.Widen();
                AskFrom(i);
            }
        }

        return
        [
            .. _answers
                .GroupBy(d => (d.Policy, d.State))
                .Select(g => new DecisionFacts(g.Key.Policy, g.Key.State, g.Any(d => d.Skips), g.Any(d => !d.Skips))),
        ];
    }

    private void AskFrom(int state)
    {
        var key = space.States.Keys[state];
        for (var cpu = 0; cpu < space.Cpus; cpu++)
        {
            var asks = AskedAt(key, cpu);
            for (var i = 0; i < asks.Count; i++)
            {
                var (node, policy, target) = asks[i];
                var asked = space.Steps.KeyAt(key, cpu, node);
                var pair = space.Steps.PairOf(asked, target);
                foreach (var other in space.Steps.NodesOf(pair))
                {
                    if (space.Memo.IsFull)
                        return;
                    var whole = space.Steps.KeyAt(asked, target, other);
                    if (space.AllSettled(whole))
                        Ask(whole, cpu, policy, target);
                }
            }
        }
    }

    /// <summary>Where a CPU that is in a pair begins to ask, or may get by issues that were delayed.</summary>
    private IReadOnlyList<(PairNode Node, string Policy, int Target)> AskedAt(ulong key, int cpu)
    {
        var pair = space.Steps.PairOf(key, cpu);
        if (pair >= _asked.Length)
            Array.Resize(ref _asked, 2 * pair);
        return _asked[pair] ??= [.. Asks()];

        IEnumerable<(PairNode, string, int)> Asks()
        {
            foreach (var node in space.Steps.NodesOf(pair))
            {
                var state = space.Memo.StateOf(space.Steps.KeyAt(key, cpu, node));
                if (machine.PositionOf(state, cpu).Instruction.Asks is { } asks)
                    yield return (node, asks.Policy, asks.Target);
            }
        }
    }

    private void Ask(ulong key, int cpu, string policy, int target)
    {
        var at = StateOf(space.Memo.StateOf(key), target);
        if (_answers.Contains((policy, at, true)) && _answers.Contains((policy, at, false)))
            return;
        var seen = new HashSet<ulong> { key };
        var open = new Queue<ulong>(seen);
        while (open.TryDequeue(out var state) && seen.Count < MostStates)
        {
            var (start, end) = space.Memo.StepsOf(space.Memo.PairOf(state, cpu));
            for (var i = start; i < end; i++)
            {
                var move = space.Memo.Move(i).Move;
                if (move.Enters is not null || !space.Memo.TryMake(state, cpu, i, out var next))
                    continue;
                if (space.Memo.IsFull)
                    return;
                if (move.Decision is { } decision && space.IsSettled(next, cpu))
                    _answers.Add((policy, at, decision.Skips));
                else if (seen.Add(next))
                    open.Enqueue(next);
            }
        }
    }

    /// <summary>Where a CPU is, as a trace would show it.</summary>
    private string StateOf(in T state, int cpu)
    {
        var instruction = machine.PositionOf(state, cpu).Instruction;
        return instruction.Step switch
        {
            RestStep { Kind: RestKind.Guest } => TraceStates.Guest,
            RestStep => TraceStates.Idle,
            null when !instruction.IsKernelText => machine.InEqs(state, cpu) ? TraceStates.UserEqs : TraceStates.User,
            _ => TraceStates.Kernel,
        };
    }
}
