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
    private readonly Dictionary<int, (string Policy, int Target)?> _asks = [];

    /// <summary>The answers by policy and state of the CPU that they are about.</summary>
    public IReadOnlyList<DecisionFacts> Run()
    {
        if (!machine.Scheme.Moves.Any(m => m.Instruction.Asks is not null))
            return [];
        for (var i = 0; i < space.States.Count; i++)
        {
            if (i % StatesBetweenChecks == 0 && isOver())
                break;
            var key = space.States.Keys[i];
            for (var cpu = 0; cpu < space.Cpus; cpu++)
            {
                if (AskedAt(key, cpu) is { } asks && space.AllSettled(key))
                    Ask(key, cpu, asks);
            }
        }

        return
        [
            .. _answers
                .GroupBy(d => (d.Policy, d.State))
                .Select(g => new DecisionFacts(g.Key.Policy, g.Key.State, g.Any(d => d.Skips), g.Any(d => !d.Skips))),
        ];
    }

    private (string Policy, int Target)? AskedAt(ulong key, int cpu)
    {
        var pair = space.Memo.PairOf(key, cpu);
        if (!_asks.TryGetValue(pair, out var asks))
            _asks[pair] = asks = machine.PositionOf(space.Memo.StateOf(key), cpu).Instruction.Asks;
        return asks;
    }

    private void Ask(ulong key, int cpu, (string Policy, int Target) asks)
    {
        var at = StateOf(space.Memo.StateOf(key), asks.Target);
        if (_answers.Contains((asks.Policy, at, true)) && _answers.Contains((asks.Policy, at, false)))
            return;
        var seen = new HashSet<ulong> { key };
        var open = new Queue<ulong>(seen);
        while (open.TryDequeue(out var state) && seen.Count < MostStates)
        {
            var (start, end) = space.Memo.MovesOf(space.Memo.PairOf(state, cpu));
            for (var i = start; i < end; i++)
            {
                var move = space.Memo.Move(i).Move;
                if (move.Enters is not null || !space.Memo.TryMake(state, cpu, i, out var next))
                    continue;
                if (move.Decision is { } decision && space.IsSettled(next, cpu))
                    _answers.Add((asks.Policy, at, decision.Skips));
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
