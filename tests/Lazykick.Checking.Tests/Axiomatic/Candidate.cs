namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// The events of a program with a choice of what succeeds and what is skipped, and the orders that this fixes.
/// </summary>
internal sealed class Candidate
{
    private readonly HashSet<(int Thread, int Position)> _skipped = [];

    internal Candidate(StraightProgram program, uint failing)
    {
        Program = program;
        for (var location = 0; location < program.Locations; location++)
            Events.Add(new(-1, -1, true, location, null));
        var choice = 0;
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            var load = -1;
            for (var position = 0; position < program.Threads[thread].Count; position++)
            {
                var op = program.Threads[thread][position];
                if (op.When >= 0 && Fails())
                    _skipped.Add((thread, position));
                if (op.Kind is OpKind.StoreExclusive or OpKind.CompareSwap && Fails())
                    Failed.Add((thread, position));
                if (op.IsPartOfAtomic && (Failed.Contains((thread, position - 1)) || IsSkipped(thread, position - 1)))
                    _skipped.Add((thread, position));
                if (IsSkipped(thread, position))
                    continue;
                var isAtomic = op.Kind is OpKind.Swap or OpKind.Add or OpKind.AddNoReturn or OpKind.CompareSwap;
                var isWrite =
                    (isAtomic || op.Kind is OpKind.Store or OpKind.StoreExclusive)
                    && !Failed.Contains((thread, position));
                var read = Events.Count;
                if (isAtomic || op.Kind is OpKind.Load or OpKind.LoadExclusive)
                    Events.Add(new(thread, position, false, op.Location, op));
                if (op.Kind == OpKind.LoadExclusive)
                    load = read;
                if (!isWrite)
                    continue;
                if (isAtomic)
                    Pairs.Add((read, Events.Count));
                else if (op.Kind == OpKind.StoreExclusive)
                    Pairs.Add((load, Events.Count));
                Events.Add(new(thread, position, true, op.Location, op));
            }
        }

        Sources = [.. Events.Select(e => FindSources(e).Where(read => read >= 0).ToArray())];

        bool Fails() => (failing & (1u << choice++)) != 0;
    }

    internal StraightProgram Program { get; }

    internal List<Event> Events { get; } = [];

    /// <summary>Reads and writes of one atomic.</summary>
    internal List<(int Read, int Write)> Pairs { get; } = [];

    /// <summary>Store-exclusives and compare-and-swaps that do not write.</summary>
    internal HashSet<(int Thread, int Position)> Failed { get; } = [];

    /// <summary>How many things may go one way or the other.</summary>
    internal static int Choices(StraightProgram program) =>
        program.Threads.Sum(t =>
            t.Sum(o => (o.When >= 0 ? 1 : 0) + (o.Kind is OpKind.StoreExclusive or OpKind.CompareSwap ? 1 : 0))
        );

    /// <summary>
    /// For each write the reads that its address and data hang on; for each read those of its address.
    /// </summary>
    internal int[][] Sources { get; private set; } = [];

    internal bool ProgramOrder(int from, int to) =>
        Events[from].Thread >= 0 && Events[from].Thread == Events[to].Thread && from < to;

    internal bool IsSkipped(int thread, int position) => _skipped.Contains((thread, position));

    /// <summary>What a register holds before a position of its thread.</summary>
    internal RegisterSource Source(int thread, int register, int position)
    {
        for (var before = position - 1; before >= 0; before--)
        {
            var op = Program.Threads[thread][before];
            if (op.Result != register || IsSkipped(thread, before))
                continue;
            return op.Kind switch
            {
                OpKind.StoreExclusive => new(-1, Failed.Contains((thread, before)) ? 1 : 0, -1),
                OpKind.Move when op.DataFrom < 0 => new(-1, op.Value, -1),
                OpKind.Move => Source(thread, op.DataFrom, before),
                OpKind.CompareSwap => new(Read(thread, before), 0, op.Compare),
                _ => new(Read(thread, before), 0, op.Tests),
            };
        }

        return new(-1, 0, -1);
    }

    private IEnumerable<int> FindSources(Event e)
    {
        if (e.Op is { AddressFrom: >= 0 and var address })
            yield return Source(e.Thread, address, e.Position).Read;
        if (e.IsWrite && e.Op is { DataFrom: >= 0 and var data })
            yield return Source(e.Thread, data, e.Position).Read;
    }

    private int Read(int thread, int position) =>
        Events.FindIndex(e => e.Thread == thread && e.Position == position && !e.IsWrite);
}
