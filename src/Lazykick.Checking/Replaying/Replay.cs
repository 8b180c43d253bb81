using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Replaying;

/// <summary>
/// A saved execution, made again: each move is looked for among those that the machine can make, so that what is shown
/// is an execution of the scheme whatever the file says.
/// </summary>
public sealed class Replay
{
    private readonly SchemeExecution _execution;
    private readonly StateReader _reader;

    private Replay(CompiledScheme scheme, Stepper steps, SchemeExecution execution, Property property)
    {
        (_execution, _reader) = (execution, new StateReader(scheme, steps));
        Race = new RaceBuilder(scheme).Build(property, execution);
        Cpus = [.. Enumerable.Range(0, scheme.Cpus.Length).Select(c => scheme.Scheme.RoleOf(c).Name)];
        IsShown =
            execution.Last is not null
            || (execution.Steps.Count > 0 && property.Id != S8Return.Name);
    }

    /// <summary>The moves, as a race has them.</summary>
    public Race Race { get; }

    /// <summary>By CPU: its role.</summary>
    public IReadOnlyList<string> Cpus { get; }

    /// <summary>Number of moves.</summary>
    public int Length => _execution.Steps.Count;

    /// <summary>The end of the execution was seen to violate the property. S8 is about what cannot follow, and no
    /// execution shows that.</summary>
    public bool IsShown { get; }

    /// <summary>The state after so many moves.</summary>
    public ReplayState After(int moves) => _reader.Of(Words(moves));

    /// <summary>What a move changed, beyond what the lines of the CPUs say.</summary>
    /// <param name="move">From 0.</param>
    public IReadOnlyList<ValueChange> Changes(int move) => _reader.Changes(Words(move), Words(move + 1));

    /// <summary>Makes an execution again.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="options">How it was checked.</param>
    /// <param name="property">What the execution violates.</param>
    /// <param name="starts">By CPU: where it starts.</param>
    /// <param name="moves">Its moves.</param>
    /// <param name="diagnostics">Gets mistakes of the scheme.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="refusal">Why that is no execution of the scheme, or null.</param>
    /// <returns>Null if something was reported, or refused.</returns>
    public static Replay? Of(
        Scheme scheme,
        CheckOptions options,
        string property,
        IReadOnlyList<string> starts,
        IReadOnlyList<SavedMove> moves,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation,
        out string? refusal
    )
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(moves);
        refusal = null;
        if (SchemeCheck.Compile(scheme, options, diagnostics) is not { } compiled)
            return null;
        if (compiled.PropertyOf(property) is var index && index < 0)
        {
            refusal = $"the scheme does not state {property}";
            return null;
        }

        var steps = Search.StepsOf(compiled);
        var start = steps.Starts.FirstOrDefault(s => compiled.PlacesOf(s).SequenceEqual(starts));
        if (start is null)
        {
            refusal = $"the CPUs do not start at {string.Join(", ", starts)}";
            return null;
        }

        var state = start;
        var violated = false;
        var made = new List<(Moves.Move Move, ulong[] After)>();
        foreach (var saved in moves)
        {
            cancellation.ThrowIfCancellationRequested();
            var found = steps.From(state).FirstOrDefault(s => IsMeant(compiled, s, state, saved));
            if (found.Move is null)
            {
                refusal = $"move {made.Count + 1}: CPU{saved.Cpu} cannot make '{saved.Step}' there, with these changes";
                return null;
            }

            violated = (found.Violations >> index & 1) != 0;
            made.Add((found.Move, found.After));
            state = found.After;
        }

        var old = Enumerable
            .Range(0, compiled.Cpus.Length)
            .Where(c => (steps.Stale(state, c) >> index & 1) != 0)
            .Select(c => steps.At(state, c))
            .FirstOrDefault();
        if (!violated && old is null && property != S8Return.Name)
        {
            refusal = $"its moves are possible, and do not violate {property} at their end";
            return null;
        }

        return new Replay(
            compiled,
            steps,
            new SchemeExecution(start, made, violated ? null : old),
            compiled.Properties[index].Property
        );
    }

    private ulong[] Words(int moves) => moves == 0 ? _execution.Start : _execution.Steps[moves - 1].After;

    private static bool IsMeant(CompiledScheme scheme, Stepper.Step step, ulong[] before, SavedMove saved)
    {
        var (move, at) = (step.Move, step.Move.Instruction);
        return (at.Cpu, at.Path, at.Text) == (saved.Cpu, saved.Path, saved.Step)
            && (move.Enters, move.Note) == (saved.Enters, saved.Note)
            && RaceBuilder.PhaseOf(scheme, move) == saved.Phase
            && scheme
                .Fields.Layout.Fields.Where(f => f.Read(before) != f.Read(step.After))
                .Select(f => (f.Name, f.Read(before), f.Read(step.After)))
                .ToHashSet()
                .SetEquals(saved.Changes.Select(c => (c.Key, c.Value[0], c.Value[1])));
    }
}
