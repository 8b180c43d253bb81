using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>What a slot of a window may hold.</summary>
internal enum SlotKind
{
    /// <summary>An access, a fence or maintenance.</summary>
    Access,

    /// <summary>
    /// A compare-and-swap that finds something else: it only reads. (On x86 it writes back what it found, Intel SDM
    /// 2A.)
    /// </summary>
    FailingSwap,

    /// <summary>A step that accesses nothing, but uses what is not known yet.</summary>
    Local,
}

/// <summary>Numbers what the slots of a CPU's window may hold.</summary>
internal static class SlotMoves
{
    /// <summary>In the order of their codes, which begin with 1.</summary>
    public static IEnumerable<(Move Move, SlotKind Kind)> Of(CompiledScheme scheme, int cpu)
    {
        HashSet<Field> privates =
        [
            .. scheme
                .Fields.Variables(scheme.Scheme)
                .Where(v => v.Variable.Storage == Storage.Private && v.Cpu == cpu)
                .Select(v => v.Field),
        ];
        foreach (var move in scheme.Moves.Where(m => m.Instruction.Cpu == cpu))
        {
            var access = scheme.AccessOf(move.Instruction);
            if (access.IsWindowed)
            {
                yield return (move, SlotKind.Access);
                if (scheme.Memory == MemoryModel.Arm && move.Instruction.Step is CasStep && access.Variable is not null)
                    yield return (move, SlotKind.FailingSwap);
            }
            else if (scheme.Memory == MemoryModel.Arm && MayBeLocal(move, access, privates))
            {
                yield return (move, SlotKind.Local);
            }
        }
    }

    private static bool MayBeLocal(Move move, Access access, HashSet<Field> privates) =>
        move.Enters is null
        && !access.IsDrain
        && (move.ReadFields().Overlaps(privates) || move.Effects.Any(e => privates.Contains(e.Field)));
}
