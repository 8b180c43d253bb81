namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A small random program of what schemes can say, reproducible by its seed.</summary>
internal static class SchemeProgram
{
    private const int MaxEvents = 7;
    private static readonly string[] _fences = ["DMB SY", "DMB LD", "DMB ST", "DSB SY"];

    internal static StraightProgram Random(int seed)
    {
        var random = new Random(seed);
        var locations = random.Next(1, 4);
        var threads = new List<List<Op>>();
        var budget = MaxEvents;
        var count = random.Next(4) == 0 ? 3 : 2;
        for (var thread = 0; thread < count; thread++)
        {
            var ops = new List<Op>();
            var length = random.Next(1, count == 2 ? 6 : 4);
            while (ops.Count < length && budget > 0)
            {
                var op = Next(random, locations, ops);
                budget -=
                    op.Kind is OpKind.Swap or OpKind.Add or OpKind.CompareSwap ? 2
                    : op.Kind is OpKind.Load or OpKind.Store ? 1
                    : 0;
                ops.Add(op);
                // The LL/SC form of a fully ordered atomic (atomic_ll_sc.h, v4.16): a release, and a barrier behind it.
                if (op is { LlSc: true, IsFull: true })
                {
                    ops[^1] = op with { Acquire = false };
                    ops.Add(new Op(OpKind.Fence) { Fence = "DMB SY", IsPartOfAtomic = true });
                }
            }

            threads.Add(ops);
        }

        return new StraightProgram(locations, threads);
    }

    /// <summary>Largest value that a variable can get.</summary>
    internal static int Largest(StraightProgram program)
    {
        var ops = program.Threads.SelectMany(t => t).ToList();
        return Math.Max(1, ops.Max(o => Math.Max(o.Value, Math.Max(o.Awaits, o.Tests))))
            + ops.Count(o => o.Kind == OpKind.Add);
    }

    private static Op Next(Random random, int locations, List<Op> before)
    {
        // What a test leaves in its register hangs on it by control only, which the axioms would take for data.
        var sources = before.Where(o => o.Result >= 0 && o.Tests < 0).Select(o => o.Result).Distinct().ToList();
        var isAgain = sources.Count > 0 && random.Next(6) == 0;
        var result = isAgain ? sources[random.Next(sources.Count)] : before.Count;
        var data = sources.Count > 0 && random.Next(5) < 2 ? sources[random.Next(sources.Count)] : -1;
        var value = random.Next(1, 3);
        var location = random.Next(locations);
        Op[] kinds =
        [
            new(OpKind.Load) { Result = result },
            new(OpKind.Store) { Value = data < 0 ? value : 0, DataFrom = data },
            new(OpKind.Swap)
            {
                Value = data < 0 ? value : 0,
                DataFrom = data,
                Result = random.Next(3) == 0 ? -1 : result,
            },
            new(OpKind.Add) { Value = 1, Result = random.Next(3) == 0 ? -1 : result },
            new(OpKind.CompareSwap)
            {
                Compare = random.Next(2),
                Value = value,
                Result = result,
            },
            new(OpKind.Load) { Tests = random.Next(2), Result = before.Count },
            new(OpKind.Load) { Awaits = random.Next(3) },
        ];
        var op = random.Next(100) switch
        {
            < 32 => kinds[0],
            < 58 => kinds[1],
            < 64 => kinds[2],
            < 67 => kinds[3],
            < 71 => kinds[4],
            < 75 => kinds[5],
            < 77 => kinds[6],
            < 83 => new Op(OpKind.Move)
            {
                Result = result,
                DataFrom = data,
                Value = data < 0 ? value : 0,
            },
            < 94 => new Op(OpKind.Fence) { Fence = _fences[random.Next(_fences.Length)] },
            < 96 => new Op(OpKind.Isb),
            < 98 => new Op(OpKind.Nothing),
            _ => kinds[0],
        };
        if (op.Kind is OpKind.Fence or OpKind.Isb or OpKind.Move or OpKind.Nothing)
            return op;
        // In "rmw r := x := r" the r on the right is what was read.
        if (op.Result >= 0 && op.Result == op.DataFrom)
            op = op with { Result = -1 };
        var isAtomic = op.Kind is OpKind.Swap or OpKind.Add or OpKind.CompareSwap;
        var order = random.Next(isAtomic ? 4 : 8);
        return op with
        {
            Location = location,
            Acquire = op.Kind == OpKind.Load ? order == 0 : isAtomic && order is 0 or 1,
            Release = op.Kind == OpKind.Store ? order == 0 : isAtomic && order is 0 or 2,
            IsFull = isAtomic && order == 0,
            LlSc = isAtomic && random.Next(2) == 0,
            When = sources.Count > 0 && random.Next(5) == 0 ? sources[random.Next(sources.Count)] : -1,
            WhenIs = random.Next(2),
        };
    }
}
