using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Cutoff;

/// <summary>Where moves lead within the code of a CPU.</summary>
internal static class Loops
{
    /// <summary>A step that moves among these come back to, or null.</summary>
    public static Instruction? In(IReadOnlyList<MoveUses> moves, CompiledScheme scheme)
    {
        var next = new Dictionary<Instruction, List<Instruction>>();
        foreach (var group in moves.GroupBy(m => m.Step))
            next[group.Key] = [.. group.SelectMany(m => After(m.Move, scheme)).Distinct()];
        var (open, done) = (new HashSet<Instruction>(), new HashSet<Instruction>());
        return next.Keys.FirstOrDefault(IsOnLoop);

        bool IsOnLoop(Instruction step)
        {
            if (open.Contains(step))
                return true;
            if (!next.TryGetValue(step, out var successors) || !done.Add(step))
                return false;
            open.Add(step);
            var isLoop = successors.Exists(IsOnLoop);
            open.Remove(step);
            return isLoop;
        }
    }

    /// <summary>The steps at which a CPU may stand after a move; none where it leaves the path.</summary>
    public static IEnumerable<Instruction> After(Move move, CompiledScheme scheme)
    {
        var (cpu, level) = (move.Instruction.Cpu, move.Instruction.Level);
        var code = scheme.Cpus[cpu].Levels[level];
        var pc = scheme.Fields.Cpus[cpu].Pc[level];
        foreach (var (field, value) in move.Effects)
        {
            if (field != pc)
                continue;
            foreach (var result in value.Results)
            {
                if (!result.IsConstant(out var number))
                {
                    throw new InvalidOperationException(
                        $"{move.Instruction.Span}: a step that leads to a computed place"
                    );
                }

                var index = level == 0 ? number : number - 1;
                if (index >= 0 && !code[index].IsPlace)
                    yield return code[index];
            }
        }
    }
}
