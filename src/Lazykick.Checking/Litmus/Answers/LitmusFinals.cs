using Lazykick.Checking.Litmus.Machine;

namespace Lazykick.Checking.Litmus.Answers;

/// <summary>The final states of a test, as what it looks at tells them apart, and which of them came first.</summary>
internal sealed class LitmusFinals(LitmusProgram program, LitmusLayout layout, ValueTable values)
{
    private readonly Dictionary<string, LitmusFinalState> _states = new(StringComparer.Ordinal);
    private readonly List<int> _first = [];
    private bool _satisfies;

    /// <summary>Ordered by their text.</summary>
    internal IEnumerable<LitmusFinalState> States =>
        _states.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value);

    /// <summary>
    /// States of the machine that are final after the fewest moves: of those that satisfy the proposition, if there are
    /// any.
    /// </summary>
    internal IReadOnlyList<int> First => _first;

    /// <summary>How many moves that is.</summary>
    private int FirstLevel { get; set; }

    /// <summary>Adds a final state; to be called in the order of levels.</summary>
    internal void Add(ReadOnlySpan<int> state, int index, int level)
    {
        var outcome = program.Outcome.Read(state, program, layout, values);
        if (!program.Outcome.Passes(outcome))
            return;
        var satisfies = program.Outcome.Holds(outcome);
        if (satisfies && !_satisfies)
            _first.Clear();
        if (_first.Count == 0)
            (_satisfies, FirstLevel) = (satisfies, level);
        if (satisfies == _satisfies && level == FirstLevel)
            _first.Add(index);
        var shown = Show(outcome);
        _states.TryAdd(string.Concat(shown.Select(s => $"{s.Key}={s.Value}; ")), new(shown, satisfies));
    }

    private List<KeyValuePair<string, string>> Show(long[] outcome)
    {
        var shown = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < program.Outcome.Targets.Count; i++)
            shown.Add(new(program.Outcome.Targets[i].ToString(), program.Show(outcome[i])));
        for (var i = 0; i < program.Outcome.Faults.Count; i++)
        {
            var fault = program.Outcome.Faults[i];
            if ((outcome[^1] & (1L << i)) != 0)
            {
                shown.Add(
                    new($"fault(P{fault.Cpu}{(fault.Label is null ? "" : ":" + fault.Label)})", fault.Kind ?? "any")
                );
            }
        }

        return shown;
    }
}
