using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Verdicts;

/// <summary>Says where paths from the kernel could nest deeper than the scheme lets them (M13).</summary>
internal static class NestingLimit
{
    /// <summary>The assumption that the verdicts rest on then; nothing where every kind of path finds room.</summary>
    public static IEnumerable<string> Assumptions(CompiledScheme compiled)
    {
        var scheme = compiled.Scheme;
        var kinds = Enumerable.Range(0, compiled.Cpus.Length).Max(Kinds);
        if (kinds > scheme.Nesting)
        {
            yield return $"at most {scheme.Nesting} paths from kernel are in progress on a CPU at a time; there are "
                + $"{kinds} kinds of them ('nesting {kinds}' in the scheme lets all of them nest)";
        }

        int Kinds(int cpu) =>
            scheme
                .RoleOf(cpu)
                .Takes.Where(t => t.Condition is null || compiled.ScopeOf(cpu).Resolve(t.Condition).Of([]) != 0)
                .Select(t => scheme.Paths[t.Path.Text])
                .Where(p => p.From == "kernel")
                .Select(p => p.Trigger)
                .Distinct()
                .Count();
    }
}
