using Lazykick.Checking.Compilation;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Changes;

/// <summary>The steps that a configuration has: what its knobs leave out is no part of it.</summary>
internal sealed class LiveCode
{
    private readonly Scheme _scheme;
    private readonly HashSet<Step> _made = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, bool> _routines = new(StringComparer.Ordinal);

    public LiveCode(CompiledScheme compiled)
    {
        _scheme = compiled.Scheme;
        foreach (var move in compiled.Moves)
        {
            if (move.Instruction.Step is { } step)
                _made.Add(step);
        }

        Policies = [.. compiled.Moves.Select(m => m.Decision?.Policy).OfType<string>().Distinct()];
    }

    /// <summary>Policies that are asked.</summary>
    public IReadOnlyList<string> Policies { get; }

    /// <summary>Lists of steps with the name of their block, without what the configuration leaves out.</summary>
    public IEnumerable<(string Block, IReadOnlyList<Step> Steps, bool IsPath)> Blocks()
    {
        foreach (
            var block in _scheme
                .Paths.Values.Cast<BlockDeclaration>()
                .Concat(_scheme.Kicks.Values)
                .Concat(_scheme.Routines.Values)
                .Where(b => b.Body.Any(Has))
        )
        {
            yield return (block.Name, block.Body, block is PathDeclaration);
        }

        foreach (var policy in Policies)
        {
            if (_scheme.Policies[policy].Ask is { } ask)
                yield return (policy, ask, false);
        }
    }

    /// <summary>Some CPU has the step, or one in it or in what it calls.</summary>
    public bool Has(Step step) =>
        _made.Contains(step)
        || step.Blocks.Any(b => b.Any(Has))
        || (step is CallStep { Opaque: false } call && HasRoutine(call.Name));

    /// <summary>A list as it runs: knobs and sections are looked through, dead steps left out.</summary>
    public IEnumerable<Step> Straight(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps.Where(Has))
        {
            if (step is not SectionStep && !IsDecided(step))
            {
                yield return step;
                continue;
            }

            foreach (var inner in step.Blocks.SelectMany(Straight))
                yield return inner;
        }
    }

    private bool IsDecided(Step step) => step is WhenStep test && !_made.Contains(step) && IsOverKnobs(test.Condition);

    private bool IsOverKnobs(Expression expression) =>
        expression switch
        {
            NameExpression name => name.Index.Count == 0
                && (
                    _scheme.Knobs.ContainsKey(name.Name)
                    || _scheme.Knobs.Values.Any(k => k.Values.Contains(name.Name, StringComparer.Ordinal))
                ),
            NotExpression not => IsOverKnobs(not.Operand),
            BinaryExpression binary => IsOverKnobs(binary.Left) && IsOverKnobs(binary.Right),
            ConditionalExpression c => IsOverKnobs(c.Test) && IsOverKnobs(c.Then) && IsOverKnobs(c.Else),
            _ => true,
        };

    private bool HasRoutine(string name)
    {
        if (_routines.TryGetValue(name, out var has))
            return has;
        _routines[name] = false;
        return _routines[name] = _scheme.Routines[name].Body.Any(Has);
    }
}
