namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A small random program, reproducible by its seed.</summary>
internal sealed class RandomProgram : StraightProgram
{
    internal const int MaxEvents = 9;
    private static readonly string[] _armFences = ["DMB SY", "DMB LD", "DMB ST", "DSB SY", "DSB LD", "DSB ST"];
    private readonly Random _random;
    private readonly bool _arm;

    internal RandomProgram(int seed, bool arm)
        : this(new Random(seed), arm) { }

    private RandomProgram(Random random, bool arm)
        : base(random.Next(1, 4), [])
    {
        _random = random;
        _arm = arm;
        var threads = _random.Next(2, 4);
        var budget = MaxEvents;
        for (var thread = 0; thread < threads; thread++)
        {
            var ops = new List<Op>();
            var length = _random.Next(1, threads == 2 ? 6 : 4);
            while (ops.Count < length && budget > 0)
            {
                var op = Next(ops);
                budget -= op.Kind switch
                {
                    OpKind.Fence or OpKind.Isb or OpKind.Branch => 0,
                    OpKind.Swap or OpKind.Add or OpKind.AddNoReturn => 2,
                    _ => 1,
                };
                ops.Add(op);
            }

            Threads.Add(ops);
        }
    }

    private Op Next(List<Op> before)
    {
        var sources = before
            .Where(o => o.Result >= 0 && o.Kind != OpKind.StoreExclusive)
            .Select(o => o.Result)
            .ToList();
        var pick = _random.Next(100);
        var result = before.Count;
        var op = pick switch
        {
            < 34 => new Op(OpKind.Load) { Result = result },
            < 62 => new Op(OpKind.Store) { Value = _random.Next(1, 3) },
            < 68 => new Op(OpKind.Swap) { Value = _random.Next(1, 3), Result = result },
            < 73 => new Op(OpKind.Add) { Value = _random.Next(1, 3), Result = result },
            < 76 when _arm => new Op(OpKind.AddNoReturn) { Value = 1 },
            < 82 when _arm => Exclusive(before, result),
            < 92 => new Op(OpKind.Fence) { Fence = _arm ? _armFences[_random.Next(_armFences.Length)] : "mfence" },
            < 96 when _arm && sources.Count > 0 => new Op(OpKind.Branch)
            {
                DataFrom = sources[_random.Next(sources.Count)],
            },
            < 98 when _arm => new Op(OpKind.Isb),
            _ => new Op(OpKind.Load) { Result = result },
        };
        if (op.Kind is OpKind.Fence or OpKind.Isb or OpKind.Branch)
            return op;
        op = op with { Location = op.Location >= 0 ? op.Location : _random.Next(Locations) };
        if (!_arm)
            return op;
        var reads = op.Kind is OpKind.Load or OpKind.Swap or OpKind.Add or OpKind.LoadExclusive;
        var writes = op.Kind is not (OpKind.Load or OpKind.LoadExclusive);
        var acquire = reads && _random.Next(4) == 0;
        var rcpc = acquire && op.Kind == OpKind.Load && _random.Next(3) == 0;
        return op with
        {
            Acquire = acquire && !rcpc,
            AcquirePc = rcpc,
            Release = writes && _random.Next(4) == 0,
            AddressFrom =
                sources.Count > 0 && _random.Next(4) == 0 && op.Kind is OpKind.Load or OpKind.Store
                    ? sources[_random.Next(sources.Count)]
                    : -1,
            DataFrom =
                sources.Count > 0
                && _random.Next(3) == 0
                && op.Kind is OpKind.Store or OpKind.Swap or OpKind.Add or OpKind.StoreExclusive
                    ? sources[_random.Next(sources.Count)]
                    : -1,
        };
    }

    // A store-exclusive pairs with the last load-exclusive; an own write to the location in between is not generated:
    // what that means differs between published models.
    private Op Exclusive(List<Op> before, int result)
    {
        var load = before.FindLastIndex(o => o.Kind is OpKind.LoadExclusive or OpKind.StoreExclusive);
        if (load < 0 || before[load].Kind == OpKind.StoreExclusive)
            return new Op(OpKind.LoadExclusive) { Result = result };
        var location = before[load].Location;
        var clobbered = before.Skip(load + 1).Any(o => o.Location == location && o.Kind is not OpKind.Load);
        return clobbered
            ? new Op(OpKind.Load) { Result = result }
            : new Op(OpKind.StoreExclusive)
            {
                Location = location,
                Value = _random.Next(1, 3),
                Result = result,
            };
    }
}
