namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>The events of a program with a choice of which store-exclusives succeed, and the orders that this fixes.</summary>
internal sealed class Candidate
{
    internal Candidate(RandomProgram program, uint failing)
    {
        Program = program;
        for (var location = 0; location < program.Locations; location++)
            Events.Add(new(-1, -1, true, location, null));
        var exclusive = 0;
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            var load = -1;
            for (var position = 0; position < program.Threads[thread].Count; position++)
            {
                var op = program.Threads[thread][position];
                var isRead = op.Kind is OpKind.Load or OpKind.LoadExclusive or OpKind.Swap or OpKind.Add or OpKind.AddNoReturn;
                var isWrite = op.Kind is OpKind.Store or OpKind.Swap or OpKind.Add or OpKind.AddNoReturn;
                if (op.Kind == OpKind.StoreExclusive)
                {
                    isWrite = (failing & (1u << exclusive++)) == 0;
                    if (!isWrite)
                        Failed.Add((thread, position));
                }
                var read = Events.Count;
                if (isRead)
                    Events.Add(new(thread, position, false, op.Location, op));
                if (op.Kind == OpKind.LoadExclusive)
                    load = read;
                if (!isWrite)
                    continue;
                if (isRead)
                    Pairs.Add((read, Events.Count));
                else if (op.Kind == OpKind.StoreExclusive)
                    Pairs.Add((load, Events.Count));
                Events.Add(new(thread, position, true, op.Location, op));
            }
        }
        Sources = [.. Events.Select(e => FindSources(e).ToArray())];
    }

    internal RandomProgram Program { get; }

    internal List<Event> Events { get; } = [];

    /// <summary>Reads and writes of one atomic.</summary>
    internal List<(int Read, int Write)> Pairs { get; } = [];

    internal HashSet<(int Thread, int Position)> Failed { get; } = [];

    internal static int StoreExclusives(RandomProgram program) => program.Threads.Sum(t => t.Count(o => o.Kind == OpKind.StoreExclusive));

    /// <summary>For each write the reads that its address and data hang on; for each read those of its address.</summary>
    internal int[][] Sources { get; private set; } = [];

    internal bool ProgramOrder(int from, int to) =>
        Events[from].Thread >= 0 && Events[from].Thread == Events[to].Thread && from < to;

    private IEnumerable<int> FindSources(Event e)
    {
        if (e.Op is { AddressFrom: >= 0 and var address })
            yield return Definition(e.Thread, address);
        if (e.IsWrite && e.Op is { DataFrom: >= 0 and var data })
            yield return Definition(e.Thread, data);
    }

    /// <summary>The read event whose result a register of a thread is.</summary>
    internal int Definition(int thread, int register) => Events.FindIndex(e => e.Thread == thread && e.Position == register && !e.IsWrite);
}
