using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Exploration;

/// <summary>The machine under <c>sc</c>: each move takes effect at once.</summary>
internal sealed class StrongMachine<T> : Machine<T>
    where T : unmanaged, IPacked<T>
{
    public StrongMachine(CompiledScheme scheme)
        : base(scheme)
    {
        var tables = scheme.Moves.Select(m => new MoveTable<T>(scheme.Fields.Layout, m)).ToArray();
        foreach (var position in Positions.SelectMany(c => c).SelectMany(l => l).Where(p => p is not null))
            position.Moves = [.. position.Instruction.Moves.Select(m => tables[m.Id])];
    }

    public override IReadOnlyList<Move> Moves => Scheme.Moves;

    public override int Expand(in T state, ref Successor<T>[] into)
    {
        var count = 0;
        for (var cpu = 0; cpu < Positions.Length; cpu++)
        {
            foreach (var move in PositionOf(state, cpu).Moves)
            {
                if (!move.TryMake(state, out var next, out var violations))
                    continue;
                if (count == into.Length)
                    Array.Resize(ref into, count * 2);
                into[count++] = new Successor<T>(next, move.Move, violations);
            }
        }

        return count;
    }
}
