namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// A small random program in which threads take exceptions, reproducible by its seed: a program of data or one that
/// changes text, some instructions of which are the handler of an SVC. FEAT_ExS may take away that entry or return
/// synchronises the context.
/// </summary>
internal sealed class RandomExceptionProgram : StraightProgram
{
    internal RandomExceptionProgram(int seed)
        : this(new Random(seed)) { }

    private RandomExceptionProgram(Random random)
        : this(
            random,
            random.Next(3) == 0
                ? new RandomProgram(random.Next(), arm: true)
                : new RandomTextProgram(random.Next())
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
