using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>What a search met on its way: without it, that a property was never violated says nothing.</summary>
internal sealed class Evidence : IEvidence
{
    private readonly List<Move> _taken;

    public Evidence(CompiledScheme compiled, Space space)
    {
        var never = space.NeverMade.ToHashSet();
        _taken = [.. compiled.Moves.Where(m => !never.Contains(m))];
        Compiled = compiled;
        EqsIsVisited = space.Positions.Any(p => p.InEqs);
        Decisions = space.Decisions;
    }

    private Evidence(CompiledScheme compiled)
    {
        _taken = [.. compiled.Moves];
        Compiled = compiled;
        EqsIsVisited = true;
        Decisions = [];
    }

    /// <summary>As if every step were taken: what an exploration could meet at most.</summary>
    public static Evidence Possible(CompiledScheme compiled) => new(compiled);

    /// <summary>What was explored.</summary>
    public CompiledScheme Compiled { get; }

    /// <summary>The scheme.</summary>
    public Scheme Scheme => Compiled.Scheme;

    /// <summary>Some CPU was in state <c>eqs</c>.</summary>
    public bool EqsIsVisited { get; }

    /// <summary>What policies answered.</summary>
    public IReadOnlyList<DecisionFacts> Decisions { get; }

    /// <summary>Some execution makes a move of this kind.</summary>
    public bool IsTaken(Func<Move, bool> kind) => _taken.Exists(m => kind(m));

    /// <summary>Some execution takes a step of this kind, also within a <c>together</c>.</summary>
    public bool IsTaken<TStep>(Func<TStep, bool> kind)
        where TStep : Step =>
        IsTaken(m =>
            m.Instruction.Step switch
            {
                TStep step => kind(step),
                TogetherStep together => together.Body.OfType<TStep>().Any(kind),
                _ => false,
            }
        );

    /// <summary>In some execution a kick returns for a thing of this kind.</summary>
    public bool HasReturnedFor(Func<string, bool> kind) =>
        IsTaken(m => m.ReturnsKick && m.Instruction.Step is KickStep k && k.Returns.Any(r => kind(r.Name)));
}
