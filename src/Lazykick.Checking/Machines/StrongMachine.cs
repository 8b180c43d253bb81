using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>The machine under <c>sc</c>: each move takes effect at once.</summary>
internal sealed class StrongMachine<T> : Machine<T>
    where T : unmanaged, IPacked<T>
{
    public StrongMachine(CompiledScheme scheme)
        : base(scheme)
    {
        var tables = scheme.Moves.Select(m => new MoveTable<T>(scheme.Fields.Layout, m)).ToArray();
        foreach (var position in AllPositions)
            position.Moves = [.. position.Instruction.Moves.Select(m => tables[m.Id])];
    }

    public override IReadOnlyList<Move> Moves => Scheme.Moves;

    public override int Expand(in T state, int cpu, ref Successor<T>[] into)
    {
        var count = 0;
        foreach (var move in PositionOf(state, cpu).Moves)
            count = Add(move, state, ref into, count);
        return count;
    }

    private static int Add(MoveTable<T> move, in T state, ref Successor<T>[] into, int count)
    {
        if (!move.TryMake(state, out var next, out var violations))
            return count;
        if (count == into.Length)
            Array.Resize(ref into, count * 2);
        into[count] = new Successor<T>(next, move.Move, violations);
        return count + 1;
    }
}
