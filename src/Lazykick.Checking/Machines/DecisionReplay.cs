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

    private readonly Dictionary<(string Policy, string State), Answer> _answers = [];

    /// <summary>By pair: what its CPU asks, there or where issues that were delayed lead it.</summary>
    private readonly Asking[][] _asked = new Asking[space.Steps.Pairs][];

    /// <summary>By CPU and number of its own part: it asks in some pair with that part.</summary>
    private readonly bool[][] _mayAsk = new bool[space.Cpus][];

    /// <summary>The answers by policy and state of the CPU that they are about.</summary>
    public IReadOnlyList<DecisionFacts> Run()
    {
        if (!machine.Scheme.Moves.Any(m => m.Instruction.Asks is not null))
            return [];
        FindAsking();
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
                .Where(a => a.Value.Skips || a.Value.Interrupts)
                .Select(a => new DecisionFacts(a.Key.Policy, a.Key.State, a.Value.Skips, a.Value.Interrupts)),
        ];
    }

    private void FindAsking()
    {
        var steps = space.Steps;
        for (var cpu = 0; cpu < space.Cpus; cpu++)
            _mayAsk[cpu] = new bool[space.Memo.Parts[cpu]];
        for (var pair = 0; pair < _asked.Length; pair++)
        {
            var cpu = steps.CpuOf(pair);
            var asking = new List<Asking>();
            foreach (var node in steps.NodesOf(pair))
            {
                var state = space.Memo.StateOf(cpu, node.Own, node.Shared);
                if (machine.PositionOf(state, cpu).Instruction.Asks is { } asks)
                    asking.Add(new Asking(node, asks.Policy, asks.Target));
            }

            _asked[pair] = [.. asking];
            _mayAsk[cpu][steps.PartsOf(pair).Own] |= asking.Count > 0;
        }
    }

    private void AskFrom(int state)
    {
        var key = space.States.Keys[state];
        for (var cpu = 0; cpu < space.Cpus; cpu++)
        {
            if (!_mayAsk[cpu][space.Memo.Layout.Of(key, cpu)])
                continue;
            foreach (var asking in _asked[space.Steps.PairOf(key, cpu)])
            {
                var asked = space.Steps.KeyAt(key, cpu, asking.Node);
                var pair = space.Steps.PairOf(asked, asking.Target);
                foreach (var other in space.Steps.NodesOf(pair))
                {
                    if (space.Memo.IsFull)
                        return;
                    var whole = space.Steps.KeyAt(asked, asking.Target, other);
                    if (AnswerOf(asking, whole) is { IsComplete: false } answer && space.AllSettled(whole))
                        Ask(whole, cpu, answer);
                }
            }
        }
    }

    /// <summary>What is known so far of the answers to a question in a state.</summary>
    private Answer AnswerOf(Asking asking, ulong key)
    {
        var own = space.Memo.PairOf(key, asking.Target);
        if (asking.Answers.TryGetValue(own, out var known))
            return known;
        var at = (asking.Policy, StateOf(space.Memo.StateOf(key), asking.Target));
        if (!_answers.TryGetValue(at, out var answer))
            _answers[at] = answer = new Answer();
        return asking.Answers[own] = answer;
    }

    private void Ask(ulong key, int cpu, Answer answer)
    {
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
                    answer.Add(decision.Skips);
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

    /// <summary>A CPU begins to ask.</summary>
    /// <param name="node">Where it stands.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="target">The CPU that it asks about.</param>
    private sealed class Asking(PairNode node, string policy, int target)
    {
        public PairNode Node => node;

        public string Policy => policy;

        public int Target => target;

        /// <summary>By pair of the CPU that it asks about.</summary>
        public Dictionary<int, Answer> Answers { get; } = [];
    }

    private sealed class Answer
    {
        public bool Skips { get; private set; }

        public bool Interrupts { get; private set; }

        public bool IsComplete => Skips && Interrupts;

        public void Add(bool skips)
        {
            Skips |= skips;
            Interrupts |= !skips;
        }
    }
}
