using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>The states in which the search begins: every combination of the places where CPUs start (M1).</summary>
internal static class InitialStates
{
    public static IEnumerable<ulong[]> Of(CompiledScheme scheme)
    {
        var starts = new int[scheme.Cpus.Length];
        return Combine(scheme, starts, 0);
    }

    private static IEnumerable<ulong[]> Combine(CompiledScheme scheme, int[] starts, int cpu)
    {
        if (cpu == starts.Length)
        {
            yield return Build(scheme, starts);
            yield break;
        }

        foreach (var place in scheme.Cpus[cpu].Starts)
        {
            starts[cpu] = place;
            foreach (var words in Combine(scheme, starts, cpu + 1))
                yield return words;
        }
    }

    private static ulong[] Build(CompiledScheme scheme, int[] starts)
    {
        var words = new ulong[scheme.Fields.Layout.Words];
        for (var cpu = 0; cpu < starts.Length; cpu++)
        {
            var fields = scheme.Fields.Cpus[cpu];
            fields.Pc[0].Write(words, starts[cpu]);
            foreach (var register in fields.Registers.Values)
                register.Write(words, 1);
        }

        for (var cpu = 0; cpu < starts.Length; cpu++)
        {
            foreach (var (off, message) in scheme.Fields.Cpus[cpu].Off.Zip(scheme.Scheme.MessageKinds.Values))
            {
                if (message.OffWhen is { } condition && IsTrue(scheme, condition, cpu, starts[cpu]))
                    off!.Write(words, 1);
            }
        }

        foreach (var (variable, cpu, field) in scheme.Fields.Variables(scheme.Scheme))
            field.Write(words, Initial(scheme, variable, cpu, field, starts[cpu]));
        return words;
    }

    private static bool IsTrue(CompiledScheme scheme, Expression condition, int cpu, int start) =>
        ScopeAt(scheme, cpu, start).Resolve(condition).Of([]) != 0;

    private static CpuScope.PlaceScope ScopeAt(CompiledScheme scheme, int cpu, int start)
    {
        var place = scheme.Cpus[cpu].Levels[0][start].Path;
        return new CpuScope.PlaceScope(scheme.ScopeOf(cpu), name => name == place ? Value.One : Value.Zero);
    }

    private static int Initial(CompiledScheme scheme, VariableDeclaration variable, int cpu, Field field, int start)
    {
        if (variable.Initial is null)
            return field.Low;
        return ScopeAt(scheme, cpu, start).ResolveFor(variable).Of([]);
    }
}
