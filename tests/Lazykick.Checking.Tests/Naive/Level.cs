using System.Runtime.CompilerServices;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>What opened a block of steps.</summary>
internal enum LevelKind
{
    Path,
    Routine,
    Branch,
    Repeat,
    For,
    ForAnyOrder,
    Kick,
    Ask,
}

/// <summary>
/// Where a CPU stands in one block, on top of where it stands in the block around it: the step that opened this block
/// is the one at which <paramref name="Parent"/> stands.
/// </summary>
/// <param name="Parent">The block around this one, null for a path's own steps.</param>
/// <param name="Block">The steps.</param>
/// <param name="Index">Of the next step; the number of steps at the end of the block.</param>
/// <param name="Kind">What opened the block.</param>
/// <param name="Cpu">The CPU that a loop is at or that an ask is about; -1 for a loop that is about to choose.</param>
/// <param name="HadTurn">The CPUs that a loop in any order has been at.</param>
/// <param name="InEqs">Of a kick: the other CPUs that were in <c>eqs</c> when it began and ever since (M19).</param>
internal sealed record Level(
    Level? Parent,
    IReadOnlyList<Step> Block,
    int Index,
    LevelKind Kind,
    int Cpu = 0,
    int HadTurn = 0,
    int InEqs = 0
)
{
    /// <summary>A loop in any order that picks its next CPU.</summary>
    public bool IsChoosing => Kind == LevelKind.ForAnyOrder && Cpu < 0;

    /// <summary>A kick whose steps are done, before it returns.</summary>
    public bool IsReturning => Kind == LevelKind.Kick && Index == Block.Count;

    /// <summary>The step at which the CPU stands; that of the kick or the loop where it returns or chooses.</summary>
    public Step Step => IsChoosing || IsReturning ? Parent!.Block[Parent.Index] : Block[Index];

    public Level Next() => this with { Index = Index + 1 };

    public Level Push(IReadOnlyList<Step> block, LevelKind kind, int cpu = 0, int inEqs = 0) =>
        new(this, block, 0, kind, cpu, 0, inEqs);

    /// <summary>
    /// The nearest block around this one, itself included, that was opened by <paramref name="kind"/>.
    /// </summary>
    public Level Around(LevelKind kind) => Kind == kind ? this : Parent!.Around(kind);

    /// <summary>The kick in progress here, or null.</summary>
    public Level? Kick => Kind == LevelKind.Kick ? this : Parent?.Kick;

    /// <summary>
    /// The same position, with the CPUs outside of <paramref name="eqs"/> struck from every kick in progress.
    /// </summary>
    public Level Strike(int eqs)
    {
        var parent = Parent?.Strike(eqs);
        return ReferenceEquals(parent, Parent) && (InEqs & ~eqs) == 0
            ? this
            : this with
            {
                Parent = parent,
                InEqs = InEqs & eqs,
            };
    }

    /// <summary>The position without its loops' CPUs: the chain of steps that lead to it.</summary>
    public string Describe()
    {
        if (IsReturning)
            return Parent!.Describe() + " returns";
        var outer = IsChoosing || Parent is null ? "" : Parent.Describe() + " > ";
        var span = Step.Span;
        return $"{outer}{span}:{span.Column}";
    }

    public bool Equals(Level? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Index == other.Index
            && Kind == other.Kind
            && Cpu == other.Cpu
            && HadTurn == other.HadTurn
            && InEqs == other.InEqs
            && ReferenceEquals(Block, other.Block)
            && Equals(Parent, other.Parent)
        );

    public override int GetHashCode() =>
        HashCode.Combine(RuntimeHelpers.GetHashCode(Block), Index, Cpu, HadTurn, InEqs, Parent);
}
