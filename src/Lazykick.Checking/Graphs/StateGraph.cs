using System.Globalization;
using System.Text;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Replaying;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Graphs;

/// <summary>
/// The space of a scheme as a graph in graphviz's language: a node for each state, an edge for each move.
/// </summary>
public sealed class StateGraph
{
    /// <summary>States beyond which nobody can read a drawing, and graphviz takes minutes.</summary>
    public const int UsualStates = 500;

    private readonly CompiledScheme _scheme;
    private readonly Stepper _steps;
    private readonly StateReader _reader;
    private readonly StringBuilder _text = new();

    private StateGraph(CompiledScheme scheme, CheckResult check)
    {
        (_scheme, Check, _steps) = (scheme, check, Search.StepsOf(scheme));
        _reader = new StateReader(scheme, _steps);
    }

    /// <summary>What was found of the space before it was drawn; not exhausted if it has too many states.</summary>
    public CheckResult Check { get; }

    /// <summary>The graph; empty if the space has too many states.</summary>
    public string Text => _text.ToString();

    /// <summary>States drawn.</summary>
    public int States { get; private set; }

    /// <summary>Moves drawn.</summary>
    public int Moves { get; private set; }

    /// <summary>Draws the space of a scheme; null if something was reported.</summary>
    /// <param name="scheme">The scheme; not a base.</param>
    /// <param name="options">CPUs, knobs, memory; no graph is made of more states than its limit.</param>
    /// <param name="diagnostics">Gets mistakes that only show with these knobs.</param>
    /// <param name="cancellation">Ends it.</param>
    public static StateGraph? Of(
        Scheme scheme,
        CheckOptions options,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation
    )
    {
        // What is drawn is every state.
        options = options with { Exact = true };
        if (SchemeCheck.Run(scheme, options, diagnostics, cancellation) is not { } check)
            return null;
        var graph = new StateGraph(check.Compiled, check);
        if (check.End == SearchEnd.Exhausted)
            graph.Draw(cancellation);
        return graph;
    }

    private void Draw(CancellationToken cancellation)
    {
        Line($"digraph {Quoted(_scheme.Scheme.Name)} {{");
        Line("  node [shape=box, fontname=monospace, fontsize=9];");
        Line("  edge [fontname=monospace, fontsize=8];");
        var numbers = new Dictionary<ulong[], int>(StateWords.Comparer);
        var states = new List<ulong[]>();
        foreach (var start in _steps.Starts)
            Add(start);
        var starts = states.Count;
        for (var i = 0; i < states.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Node(i, states[i], i < starts);
            foreach (var step in _steps.From(states[i]))
                Edge(i, Add(step.After), step);
        }

        States = states.Count;
        Line("}");

        int Add(ulong[] state)
        {
            if (numbers.TryGetValue(state, out var number))
                return number;
            numbers[state] = number = states.Count;
            states.Add(state);
            return number;
        }
    }

    private void Node(int number, ulong[] words, bool isStart)
    {
        var state = _reader.Of(words);
        var lines = state
            .Cpus.Select(
                (c, cpu) =>
                    $"CPU{cpu} {string.Join(" > ", c.Frames)}{(c.Step.Length == 0 ? "" : $": {c.Step}")}"
                    + $"{(c.InEqs ? ", EQS" : "")}{string.Concat(c.Pending.Select(p => $", {p} pending"))}"
                    + string.Concat(c.InFlight.Select(a => $"\n  in flight: {a.Step}"))
            )
            .Append(string.Join(", ", state.Values.Select(v => $"{v.Name}={v.Value}")))
            .Where(l => l.Length > 0);
        var stale = Enumerable.Range(0, _scheme.Cpus.Length).Aggregate(
            0u,
            (bits, cpu) => bits | _steps.Stale(words, cpu)
        );
        var violated = Names(stale);
        // \l ends a line and sets it to the left.
        var label = string.Concat(lines.Append(
            violated.Length > 0 ? $"violates {violated}" : ""
        ).Where(l => l.Length > 0).Select(l => Escaped(l) + "\\l"));
        var style = (isStart ? ", penwidth=2" : "") + (violated.Length > 0 ? ", color=red" : "");
        Line(N($"  s{number} [label=\"{label}\"{style}];"));
    }

    private void Edge(int from, int to, Stepper.Step step)
    {
        var at = step.Move.Instruction;
        var enters = step.Move.Enters is { } path ? $"{path}: " : "";
        var note = step.Move.Note is { } words ? $" ({words})" : "";
        var phase = RaceBuilder.PhaseOf(_scheme, step.Move) is var p && p == Lazykick.Checking.Moves.MovePhase.Whole
            ? ""
            : $", {p.ToString().ToLowerInvariant()}";
        var violated = Names(step.Violations);
        var label = $"CPU{at.Cpu} "
            + $"{enters}{at.Text}{note}{phase}{(violated.Length > 0 ? $"\nviolates {violated}" : "")}";
        var style = (violated.Length > 0 ? ", color=red" : "") + (step.Move.IsFree ? ", style=dashed" : "");
        Line(N($"  s{from} -> s{to} [label=\"{Escaped(label)}\"{style}];"));
        Moves++;
    }

    private string Names(uint bits) =>
        string.Join(", ", _scheme.Properties.Where(p => (bits >> p.Index & 1) != 0).Select(p => p.Property.Id));

    private static string Quoted(string text) => $"\"{Escaped(text)}\"";

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .ReplaceLineEndings("\\n");

    private static string N(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Line(string text) => _text.Append(text).Append('\n');
}
