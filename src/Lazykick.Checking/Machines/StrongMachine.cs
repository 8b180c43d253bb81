using System.Numerics;
using System.Runtime.CompilerServices;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>The machine under <c>sc</c>: each move takes effect at once.</summary>
internal sealed class StrongMachine<T> : Machine<T>
    where T : unmanaged, IPacked<T>
{
    private readonly HashSet<Field>[] _watched;

    public StrongMachine(CompiledScheme scheme)
        : base(scheme)
    {
        var tables = scheme.Moves.Select(m => new MoveTable<T>(scheme.Fields.Layout, m)).ToArray();
        foreach (var position in Positions.SelectMany(c => c).SelectMany(l => l).Where(p => p is not null))
        {
            position.Moves = [.. position.Instruction.Moves.Select(m => tables[m.Id])];
            position.Possible = PossibleMoves<T>.Of(scheme.Fields.Layout, position.Instruction.Moves);
        }

        _watched = [.. scheme.Eqs.Select((eqs, cpu) => Watched(scheme.Fields, eqs, cpu))];
    }

    public override IReadOnlyList<Move> Moves => Scheme.Moves;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Expand(in T state, ref Successor<T>[] into)
    {
        var count = 0;
        for (var cpu = 0; cpu < Positions.Length; cpu++)
        {
            var position = PositionOf(state, cpu);
            if (position.Possible is { } table)
            {
                for (var possible = table.At(state); possible != 0; possible &= possible - 1)
                    count = Add(position.Moves[BitOperations.TrailingZeroCount(possible)], state, ref into, count);
            }
            else
            {
                foreach (var move in position.Moves)
                    count = Add(move, state, ref into, count);
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Add(MoveTable<T> move, in T state, ref Successor<T>[] into, int count)
    {
        if (!move.TryMake(state, out var next, out var violations))
            return count;
        if (count == into.Length)
            Array.Resize(ref into, count * 2);
        into[count] = new Successor<T>(next, move.Move, violations);
        return count + 1;
    }

    public override uint AffectedCpus(Move move)
    {
        var affected = 1u << move.Instruction.Cpu;
        foreach (var (field, _) in move.Effects)
        {
            for (var cpu = 0; cpu < _watched.Length; cpu++)
                affected |= _watched[cpu].Contains(field) ? 1u << cpu : 0;
        }

        return affected;
    }

    /// <summary>What decides, besides its position, whether a CPU is in <c>eqs</c> and in a window.</summary>
    private static HashSet<Field> Watched(SystemFields fields, Value eqs, int cpu)
    {
        var watched = new HashSet<Field>();
        eqs.AddFields(watched);
        foreach (var text in fields.Texts)
            watched.UnionWith([text.Stale[cpu], text.Returned, text.Class]);
        return watched;
    }
}
