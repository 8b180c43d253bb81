using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>A litmus test before it is written in the instructions of an architecture.</summary>
/// <param name="Threads">The columns.</param>
/// <param name="Values">Values of variables.</param>
/// <param name="Core">What it is about.</param>
internal sealed record TestProgram(IReadOnlyList<TestThread> Threads, TestValues Values, Core Core)
{
    /// <summary>The index of the thread that fetches the patched location, or -1.</summary>
    public int Fetching => Threads.ToList().FindIndex(t => t.Items.Any(i => i is TestItem.Fetch));

    /// <summary>
    /// The same with every access complete, and the context synchronised, before the next: what is still allowed then
    /// is no matter of order.
    /// </summary>
    public TestProgram Strengthened() =>
        this with
        {
            Threads = [.. Threads.Select(t => t with { Items = [.. Strengthen(t.Items)] })],
        };

    private static IEnumerable<TestItem> Strengthen(IEnumerable<TestItem> items)
    {
        var isFirst = true;
        foreach (
            var item in items.Where(i =>
                i
                    is TestItem.Fetch
                        or TestItem.Access { Event.Kind: not (RaceEventKind.Clean or RaceEventKind.Invalidate) }
            )
        )
        {
            if (!isFirst)
            {
                yield return new TestItem.Barrier(FenceKind.Dsb);
                yield return new TestItem.Synchronise(null);
            }

            isFirst = false;
            yield return item;
            if (item is not TestItem.Access { Event: { Kind: RaceEventKind.WriteText } write })
                continue;
            foreach (var kind in new[] { RaceEventKind.Clean, RaceEventKind.Invalidate })
            {
                yield return new TestItem.Barrier(FenceKind.Dsb);
                yield return new TestItem.Access(
                    new RaceEvent(write.Cpu, kind)
                    {
                        Words = "",
                        Step = "",
                        Text = write.Text,
                    }
                );
            }
        }
    }
}

/// <summary>A column of a test.</summary>
/// <param name="Cpu">The CPU of the scheme.</param>
/// <param name="Items">What it does, in program order.</param>
internal sealed record TestThread(int Cpu, IReadOnlyList<TestItem> Items)
{
    /// <summary>All that the CPU does, in program order.</summary>
    public required IReadOnlyList<RaceEvent> Program { get; init; }
}

/// <summary>One thing that a thread does.</summary>
internal abstract record TestItem
{
    internal sealed record Access(RaceEvent Event) : TestItem;

    /// <summary>A barrier.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Source">The step that it is; null if the export added it.</param>
    internal sealed record Barrier(FenceKind Kind, RaceEvent? Source = null) : TestItem;

    /// <summary>A context synchronisation event.</summary>
    /// <param name="Source">The step that it stands for; null if the export added it.</param>
    internal sealed record Synchronise(RaceEvent? Source) : TestItem;

    /// <summary>Goes on only if the reads returned what they returned in the race.</summary>
    internal sealed record Branch(IReadOnlyList<RaceEvent> Reads) : TestItem;

    /// <summary>Runs the patched location.</summary>
    internal sealed record Fetch : TestItem;
}
