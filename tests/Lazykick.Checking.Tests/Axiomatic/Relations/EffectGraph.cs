namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// The effects of a program of which it is decided what is skipped and what succeeds, and the relations that this
/// fixes: program order, location, and causes within an instruction.
/// </summary>
internal sealed class EffectGraph
{
    private Relation? _programOrder;
    private Relation? _sameLocation;

    internal List<Effect> Effects { get; } = [];

    internal List<(int From, int To)> DataEdges { get; } = [];

    internal List<(int From, int To)> ControlEdges { get; } = [];

    /// <summary>Order that an instruction has without a cause: a swap reads before it writes.</summary>
    internal List<(int From, int To)> OrderEdges { get; } = [];

    /// <summary>Read and write of an atomic instruction.</summary>
    internal List<(int From, int To)> AtomicPairs { get; } = [];

    /// <summary>Read and write of an atomic that takes a load-exclusive and a store-exclusive.</summary>
    internal List<(int From, int To)> ExclusivePairs { get; } = [];

    /// <summary>What must be true of the values for the decisions to be those of an execution.</summary>
    internal List<Func<Values, bool>> Conditions { get; } = [];

    /// <summary>The last write of each register that the outcome shows, by thread and register.</summary>
    internal Dictionary<(int Thread, int Register), int> Finals { get; } = [];

    internal int Size => Effects.Count;

    internal Relation ProgramOrder =>
        _programOrder ??= Relation.Where(
            Size,
            (a, b) =>
                Effects[a].Thread >= 0
                && Effects[a].Thread == Effects[b].Thread
                && Effects[a].Instruction < Effects[b].Instruction
        );

    internal Relation SameInstruction =>
        Relation.Where(
            Size,
            (a, b) =>
                Effects[a].Thread >= 0
                && Effects[a].Thread == Effects[b].Thread
                && Effects[a].Instruction == Effects[b].Instruction
        );

    internal Relation SameLocation =>
        _sameLocation ??= Relation.Where(
            Size,
            (a, b) => HasLocation(a) && HasLocation(b) && Effects[a].Location == Effects[b].Location
        );

    internal Relation SameRegister =>
        Relation.Where(
            Size,
            (a, b) =>
                IsRegister(a)
                && IsRegister(b)
                && Effects[a].Thread == Effects[b].Thread
                && Effects[a].Location == Effects[b].Location
        );

    internal EventSet Where(Func<Effect, bool> holds)
    {
        var set = EventSet.Empty;
        for (var i = 0; i < Size; i++)
        {
            if (holds(Effects[i]))
                set |= EventSet.Of(i);
        }

        return set;
    }

    internal Relation Edges(List<(int From, int To)> edges)
    {
        var relation = new Relation(Size);
        foreach (var (from, to) in edges)
            relation.Add(from, to);
        return relation;
    }

    internal int Add(Effect effect)
    {
        Effects.Add(effect);
        return Effects.Count - 1;
    }

    private bool IsRegister(int effect) => Effects[effect].Kind is EffectKind.ReadRegister or EffectKind.WriteRegister;

    private bool HasLocation(int effect) => Effects[effect].Location >= 0 && !IsRegister(effect);
}
