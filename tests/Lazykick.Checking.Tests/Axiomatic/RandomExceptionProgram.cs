namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// A small random program in which threads take exceptions, reproducible by its seed: a program of data, one that
/// changes text, or one that passes a message, some instructions of which are the handler of an SVC. FEAT_ExS may take
/// away that entry or return synchronises the context.
/// </summary>
internal sealed class RandomExceptionProgram : StraightProgram
{
    internal RandomExceptionProgram(int seed)
        : this(new Random(seed)) { }

    private RandomExceptionProgram(Random random)
        : this(
            random,
            random.Next(3) switch
            {
                0 => new RandomProgram(random.Next(), arm: true),
                1 => new RandomTextProgram(random.Next()),
                _ => Passing(random),
            }
        )
    { }

    private RandomExceptionProgram(Random random, StraightProgram program)
        : base(program.Locations, program.Threads)
    {
        Texts = program.Texts;
        EntrySynchronises = random.Next(3) > 0;
        ReturnSynchronises = random.Next(3) > 0;
        var sure = random.Next(Threads.Count);
        for (var thread = 0; thread < Threads.Count; thread++)
        {
            var ops = Threads[thread];
            for (var i = 0; i < ops.Count; i++)
                ops[i] = WithoutMonitor(random, ops[i]);
            if (thread != sure && random.Next(2) == 0)
                continue;
            var enter = random.Next(ops.Count + 1);
            var leave = enter + random.Next(Math.Min(3, ops.Count - enter) + 1);
            ops.Insert(leave, new Op(OpKind.Leave));
            ops.Insert(enter, new Op(OpKind.Enter));
        }
    }

    /// <summary>
    /// One thread publishes data, or text, and then a flag. The other reads the flag, branches on it and uses what was
    /// published: it may find the old, unless it synchronises its context between the two. Hence what an exception does
    /// there shows.
    /// </summary>
    private static StraightProgram Passing(Random random)
    {
        const int Flag = 0;
        const int Published = 1;
        var isText = random.Next(2) == 0;
        var publish = new Op(OpKind.Store) { Location = Published, Value = 1 };
        var raise = new Op(OpKind.Store) { Location = Flag, Value = 1 };
        var dsb = new Op(OpKind.Fence) { Fence = "DSB SY" };
        List<Op> writer = isText
            ?
            [
                publish,
                new Op(OpKind.Clean) { Location = Published },
                dsb,
                new Op(OpKind.Invalidate) { Location = Published },
                dsb,
                raise,
            ]
            : [publish, random.Next(2) == 0 ? dsb : new Op(OpKind.Fence) { Fence = "DMB ST" }, raise];
        List<Op> reader =
        [
            new Op(OpKind.Load) { Location = Flag, Result = 0 },
            random.Next(4) == 0 ? new Op(OpKind.Nothing) : new Op(OpKind.Branch) { DataFrom = 0 },
            new Op(isText ? OpKind.Fetch : OpKind.Load) { Location = Published, Result = 1 },
        ];
        return isText
            ? new StraightProgram(1, [writer, reader]) { Texts = [1] }
            : new StraightProgram(2, [writer, reader]);
    }

    // An exception's return clears the exclusive monitor, which the axioms do not have. An ISB would hide what the
    // exception does.
    private static Op WithoutMonitor(Random random, Op op) =>
        op.Kind switch
        {
            OpKind.LoadExclusive => op with { Kind = OpKind.Load },
            OpKind.StoreExclusive => op with { Kind = OpKind.Store, Result = -1 },
            OpKind.Isb when random.Next(3) > 0 => new Op(OpKind.Nothing),
            _ => op,
        };
}
