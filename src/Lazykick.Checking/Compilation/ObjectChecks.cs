using Lazykick.Checking.Memory;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>S3 at every access to an object that may have been drained or freed (M24).</summary>
internal static class ObjectChecks
{
    public static void Add(CompiledScheme scheme, int property)
    {
        foreach (var move in scheme.Moves.Where(m => m.Instruction.Step is not (null or AssertStep)))
        {
            var access = scheme.AccessOf(move.Instruction);
            var lifetime = move.Instruction.Step is AssignStep step ? step.Lifetime : Lifetime.None;
            if (
                access.Variable is null
                || !scheme.Fields.Objects.TryGetValue(access.Variable, out var lived)
                || lifetime == Lifetime.Alloc
            )
            {
                continue;
            }

            var reads = access.Kind is InstanceKind.Load or InstanceKind.Rmw;
            move.Checks.Add(new Check(property, new Value.Read(lived.Freed), reads ? MovePhase.Read : MovePhase.Write));
            if (access.Kind is InstanceKind.Store or InstanceKind.Rmw && lifetime != Lifetime.Free)
                move.Checks.Add(new Check(property, new Value.Read(lived.Drained), MovePhase.Write));
        }
    }
}
