using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Compilation;

/// <summary>A scheme with fixed knobs and a number of CPUs, ready to run.</summary>
internal sealed class CompiledScheme(Scheme scheme, SystemFields fields, CpuCode[] cpus, IReadOnlyList<string> properties, IReadOnlyList<Value> eqs, Func<int, CpuScope> scopes)
{
    public Scheme Scheme { get; } = scheme;

    public SystemFields Fields { get; } = fields;

    public CpuCode[] Cpus { get; } = cpus;

    /// <summary>Names of the properties; the first ones are <see cref="PropertyIds"/>.</summary>
    public IReadOnlyList<string> Properties { get; } = properties;

    /// <summary>By CPU: is it in state <c>eqs</c>.</summary>
    public IReadOnlyList<Value> Eqs { get; } = eqs;

    /// <summary>Every move, by its id.</summary>
    public IReadOnlyList<Move> Moves { get; } = Number(cpus);

    /// <summary>What names mean on a CPU.</summary>
    public CpuScope ScopeOf(int cpu) => scopes(cpu);

    private static List<Move> Number(CpuCode[] cpus)
    {
        var moves = new List<Move>();
        foreach (var move in cpus.SelectMany(c => c.Levels).SelectMany(l => l).SelectMany(i => i.Moves))
        {
            if (move.Id < moves.Count && ReferenceEquals(moves[move.Id], move))
                continue;
            move.Id = moves.Count;
            moves.Add(move);
        }

        return moves;
    }
}

/// <summary>The code of one CPU: by frame level, the instructions by program counter.</summary>
internal sealed class CpuCode(IReadOnlyList<IReadOnlyList<Instruction>> levels, IReadOnlyList<int> starts)
{
    /// <summary>At level 0 index and program counter agree; above, counter 0 means that there is no frame and index 0 holds counter 1.</summary>
    public IReadOnlyList<IReadOnlyList<Instruction>> Levels { get; } = levels;

    /// <summary>Program counters of the places where the CPU may start.</summary>
    public IReadOnlyList<int> Starts { get; } = starts;
}

/// <summary>Indices of the properties that every scheme has.</summary>
internal static class PropertyIds
{
    public const int S1 = 0;
    public const int S1Windows = 1;
    public const int S5a = 2;
    public const int S5b = 3;
    public const int S6 = 4;
    public const int S7 = 5;
    public const int S8 = 6;

    public static IReadOnlyList<string> Names { get; } = ["S1", "S1.windows", "S5a", "S5b", "S6", "S7", "S8"];
}
