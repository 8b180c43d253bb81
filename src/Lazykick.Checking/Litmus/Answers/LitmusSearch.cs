using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Answers;

/// <summary>
/// What the search of a test's space is asked for: its final states, and an execution that leads to one of them.
/// </summary>
internal sealed class LitmusSearch(
    LitmusProgram program,
    LitmusLayout layout,
    RuleSet rules,
    LitmusOptions options,
    SearchControl control
) : ISizedWork<LitmusResult?>
{
    private readonly ValueTable _values = new();

    /// <summary>Searches the space.</summary>
    /// <returns>Null: there was more than the layout has room for, see <see cref="LitmusLayout.Exceeded"/>.</returns>
    /// <exception cref="LitmusLimitException">A limit was reached.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LitmusResult? Run<T>()
        where T : unmanaged, IPacked<T>
    {
        var machine = new LitmusMachine(program, layout, _values, rules, options.Reduced);
        var transitions = new LitmusTransitions<T>(machine, layout, _values, program.Threads);
        var observer = new Observer<T>(machine, transitions, new LitmusFinals(program, layout, _values));
        var explorer = new Explorer<T, LitmusMove<T>>(transitions, observer, control);
        explorer.Run();
        if (layout.Exceeded != LayoutLimit.None)
            return null;
        if (explorer.End != SearchEnd.Exhausted)
            throw LitmusLimitException.At(explorer.End, control.Limits);
        var finals = observer.Finals;
        return new()
        {
            Test = program.Test,
            Model = rules.Model,
            Window = layout.WindowSize,
            FinalStates = [.. finals.States],
            Explored = explorer.States.Count,
            Execution =
                !options.KeepsExecution ? null
                : finals.First.Count == 0 ? []
                : transitions.Events(explorer.FindExecution(finals.First)),
        };
    }

    private sealed class Observer<T>(LitmusMachine machine, LitmusTransitions<T> transitions, LitmusFinals finals)
        : ISearchObserver<T, LitmusMove<T>>
        where T : unmanaged, IPacked<T>
    {
        internal LitmusFinals Finals => finals;

        public void Begin(in T state, int index) { }

        public void Found(in T state, int index, int level, in LitmusMove<T> by) { }

        public void Expanded(in T state, int index, int level, ReadOnlySpan<LitmusMove<T>> moves)
        {
            if (moves.Length == 0 && transitions.Unpack(state) is var numbers && machine.IsFinal(numbers))
                finals.Add(numbers, index, level);
        }
    }
}
