namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// A small random program that changes its text, reproducible by its seed: one thread writes instructions and maintains
/// caches, the other runs them. Both are whole sequences of which steps are missing, weakened or changed for others.
/// </summary>
internal sealed class RandomTextProgram : StraightProgram
{
    private static readonly string[] _fences =
    [
        "DMB SY",
        "DSB SY",
        "DSB SY",
        "DSB SY",
        "DMB ST",
        "DSB LD",
        "DSB ST",
        "DMB LD",
    ];
    private readonly Random _random;

    internal RandomTextProgram(int seed)
        : this(new Random(seed)) { }

    private RandomTextProgram(Random random)
        : base(random.Next(1, 3), [])
    {
        _random = random;
        Texts = random.Next(4) == 0 ? [1, random.Next(2)] : [1];
        Threads.Add(Patcher());
        Threads.Add(Runner(1));
        if (random.Next(6) == 0)
            Threads[0].InsertRange(0, Threads[1].Select(WithoutFetch));
        if (Texts.Contains(0))
            Threads[0].Add(Fetch(0, Threads[0]));
        for (var thread = 0; thread < 2; thread++)
            Renumber(Threads[thread]);
    }

    private bool Mostly => _random.Next(5) > 0;

    private bool Seldom => _random.Next(5) == 0;

    private static Op WithoutFetch(Op op) => op.Kind == OpKind.Fetch ? new Op(OpKind.Isb) : op;

    // Data before, write, clean, invalidate with barriers between them, and a flag or a look at one.
    private List<Op> Patcher()
    {
        var ops = new List<Op>();
        if (Seldom)
            ops.Add(Access());
        var text = Locations + _random.Next(Texts.Count);
        ops.Add(
            new Op(OpKind.Store)
            {
                Location = text,
                Value = 1,
                Release = Seldom,
            }
        );
        if (Texts.Count > 1 && Seldom)
            ops.Add(new Op(OpKind.Store) { Location = Locations + _random.Next(Texts.Count), Value = _random.Next(2) });
        if (Seldom)
            ops.Add(Fence());
        if (Mostly)
            ops.Add(new Op(OpKind.Clean) { Location = Seldom ? _random.Next(AllLocations) : text });
        if (Mostly)
            ops.Add(Fence());
        if (Mostly)
            ops.Add(new Op(OpKind.Invalidate) { Location = Seldom ? _random.Next(AllLocations) : text });
        if (Mostly)
            ops.Add(Fence());
        if (Seldom)
            ops.Add(new Op(OpKind.Isb));
        if (Mostly)
            ops.Add(Access());
        return ops;
    }

    private List<Op> Runner(int thread)
    {
        var ops = new List<Op>();
        if (Mostly)
            ops.Add(Access());
        if (ops.Count > 0 && ops[0].Result >= 0 && _random.Next(2) == 0)
            ops.Add(new Op(OpKind.Branch) { DataFrom = 0 });
        else if (_random.Next(2) == 0)
            ops.Add(Fence());
        if (Seldom)
            ops.Add(Fetch(thread, ops));
        if (Mostly)
            ops.Add(new Op(OpKind.Isb));
        ops.Add(Fetch(thread, ops));
        if (Seldom)
            ops.Add(Seldom ? Fence() : Fetch(thread, ops));
        if (Seldom)
            ops.Add(Access());
        return ops;
    }

    private Op Fetch(int thread, List<Op> before)
    {
        var own = Enumerable.Range(0, Texts.Count).Where(i => Texts[i] == thread).ToArray();
        return new Op(OpKind.Fetch) { Location = Locations + own[_random.Next(own.Length)], Result = before.Count };
    }

    private Op Fence() => new(OpKind.Fence) { Fence = _fences[_random.Next(_fences.Length)] };

    private Op Access()
    {
        var location = _random.Next(Locations);
        return _random.Next(4) switch
        {
            0 => new Op(OpKind.Store)
            {
                Location = location,
                Value = 1,
                Release = _random.Next(2) == 0,
            },
            1 => new Op(OpKind.Store) { Location = location, Value = 1 },
            2 => new Op(OpKind.Load)
            {
                Location = location,
                Result = 0,
                Acquire = Seldom,
            },
            _ => new Op(OpKind.Add)
            {
                Location = location,
                Value = 1,
                Result = 0,
                Acquire = _random.Next(2) == 0,
                Release = _random.Next(2) == 0,
            },
        };
    }

    // Results go to registers of their own; a branch tests the first.
    private static void Renumber(List<Op> ops)
    {
        var next = 0;
        for (var i = 0; i < ops.Count; i++)
        {
            if (ops[i].Result >= 0)
                ops[i] = ops[i] with { Result = next++ };
        }
    }
}
