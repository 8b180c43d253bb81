using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Editing;

/// <summary>
/// Changes to a scheme that is put together: steps added, taken out or replaced where a step stands, and other
/// policies. The scheme itself stays what it is.
/// </summary>
public sealed class SchemeEdits
{
    // By reference: two steps that read alike are two steps.
    private readonly Dictionary<Step, List<Step>> _before = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Step, List<Step>> _after = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Step, IReadOnlyList<Step>> _instead = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, PolicyDeclaration> _policies = new(StringComparer.Ordinal);

    /// <summary>Adds steps before a step.</summary>
    public SchemeEdits Before(Step step, params IReadOnlyList<Step> added) => Add(_before, step, added);

    /// <summary>Adds steps after a step.</summary>
    public SchemeEdits After(Step step, params IReadOnlyList<Step> added) => Add(_after, step, added);

    /// <summary>Puts steps in the place of a step; none: takes it out.</summary>
    public SchemeEdits Instead(Step step, params IReadOnlyList<Step> steps)
    {
        _instead[step] = steps;
        return this;
    }

    /// <summary>Replaces a policy by one of the same name.</summary>
    public SchemeEdits Policy(PolicyDeclaration policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policies[policy.Name] = policy;
        return this;
    }

    /// <summary>The edited scheme; null if it is none, for which the reason is reported.</summary>
    public Scheme? Apply(Scheme scheme, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var copy = scheme.Copy();
        foreach (var routine in scheme.Routines.Values)
            copy.RoutineTable[routine.Name] = routine with { Body = Rewrite(routine.Body) };
        foreach (var path in scheme.Paths.Values)
            copy.PathTable[path.Name] = path with { Body = Rewrite(path.Body) };
        foreach (var kick in scheme.Kicks.Values)
            copy.KickTable[kick.Name] = kick with { Body = Rewrite(kick.Body) };
        foreach (var policy in scheme.Policies.Values)
        {
            var now = _policies.GetValueOrDefault(policy.Name, policy);
            copy.PolicyTable[policy.Name] = now with { Ask = now.Ask is { } ask ? Rewrite(ask) : null };
        }

        SchemeChecker.Check(copy, diagnostics);
        return diagnostics.Count == 0 ? copy : null;
    }

    private SchemeEdits Add(Dictionary<Step, List<Step>> table, Step step, IReadOnlyList<Step> added)
    {
        if (!table.TryGetValue(step, out var steps))
            table[step] = steps = [];
        steps.AddRange(added);
        return this;
    }

    private IReadOnlyList<Step> Rewrite(IReadOnlyList<Step> steps)
    {
        var result = new List<Step>(steps.Count);
        foreach (var step in steps)
        {
            if (_before.TryGetValue(step, out var before))
                result.AddRange(before);
            if (_instead.TryGetValue(step, out var instead))
                result.AddRange(instead.Select(s => s.WithBlocks(Rewrite)));
            else
                result.Add(step.WithBlocks(Rewrite));
            if (_after.TryGetValue(step, out var after))
                result.AddRange(after);
        }

        return result;
    }
}
