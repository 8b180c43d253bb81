using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>
/// What an exploration left out that its verdicts need: with one of these nothing that holds is shown.
/// </summary>
internal static class Gaps
{
    public static IReadOnlyList<string> Of(Evidence evidence) =>
        [.. Roles(evidence), .. AtRest(evidence), .. Policies(evidence), .. Kicks(evidence)];

    /// <summary>Roles of the <c>cpus</c> line that no CPU had.</summary>
    private static IEnumerable<string> Roles(Evidence evidence)
    {
        var cast = evidence.Scheme.Cast;
        var cpus = evidence.Compiled.Cpus.Length;
        foreach (var role in cast.Skip(cpus).Distinct(StringComparer.Ordinal).Except(cast.Take(cpus)))
            yield return $"role {role} of the cpus line was not explored (--cpus {cast.Count})";
    }

    /// <summary>CPUs that nothing ever moves.</summary>
    private static IEnumerable<string> AtRest(Evidence evidence)
    {
        for (var cpu = 0; cpu < evidence.Compiled.Cpus.Length; cpu++)
        {
            var own = cpu;
            if (evidence.IsTaken(m => m.Instruction.Cpu == own))
                continue;
            var code = evidence.Compiled.Cpus[cpu];
            var places = code.Starts.Select(s => code.Levels[0][s].Path);
            yield return $"CPU{cpu} ({evidence.Scheme.RoleOf(cpu).Name}) never leaves {string.Join(" or ", places)}";
        }
    }

    /// <summary>Policies that say of every CPU what is true of another.</summary>
    private static IEnumerable<string> Policies(Evidence evidence)
    {
        foreach (var policy in evidence.Scheme.Policies.Values.Where(p => IsSelected(evidence, p)))
        {
            var names = Mentioned(policy).ToList();
            if (
                names.Any(n =>
                    evidence.Scheme.Variables.ContainsKey(n.Name) || evidence.Scheme.States.ContainsKey(n.Name)
                ) && names.All(n => n.Name != policy.Variable)
            )
            {
                yield return $"policy {policy.Name} does not look at {policy.Variable}: it reads the kicker's own "
                    + "state";
            }
        }
    }

    /// <summary>
    /// Kicks that never return, that had nobody to ask about, or that never skipped whom they may skip.
    /// </summary>
    private static IEnumerable<string> Kicks(Evidence evidence)
    {
        var compiled = evidence.Compiled;
        if (compiled.Moves.Any(m => m.ReturnsKick) && !evidence.IsTaken(m => m.ReturnsKick))
            yield return "no kick ever returns";
        if (compiled.Moves.Any(m => m.Decision is not null) && !evidence.IsTaken(m => m.Decision is not null))
            yield return "no policy was ever asked: the kick had nobody to skip or to interrupt";
        foreach (var policy in evidence.Scheme.Policies.Keys.Where(p => CanSkip(p) && WasAsked(p) && !HasSkipped(p)))
        {
            yield return $"policy {policy} never skipped a CPU: with these knobs the kick is the one that interrupts "
                + "everybody";
        }

        bool CanSkip(string policy) => compiled.Moves.Any(m => m.Decision is { Skips: true } d && d.Policy == policy);
        bool WasAsked(string policy) => evidence.IsTaken(m => m.Decision?.Policy == policy);
        bool HasSkipped(string policy) => evidence.IsTaken(m => m.Decision is { Skips: true } d && d.Policy == policy);
    }

    private static bool IsSelected(Evidence evidence, PolicyDeclaration policy) =>
        evidence.Compiled.Moves.Any(m => m.Decision?.Policy == policy.Name);

    private static IEnumerable<NameExpression> Mentioned(PolicyDeclaration policy) =>
        policy.SkipWhen is { } condition ? Names.Of(condition) : (policy.Ask ?? []).SelectMany(Names.Of);
}
