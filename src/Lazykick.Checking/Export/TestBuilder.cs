using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>
/// Puts the kept accesses of each CPU in a row, with the barriers, synchronisation and branches that stand between
/// them.
/// </summary>
internal static class TestBuilder
{
    private const string Flag = "returned";

    /// <summary>Builds a test.</summary>
    /// <param name="core">What is kept of the programs.</param>
    /// <param name="programs">By CPU: the steps in program order, of the race or of the same race with other
    /// knobs.</param>
    /// <param name="values">Values of the variables.</param>
    public static TestProgram Build(Core core, IReadOnlyList<RaceEvent>[] programs, TestValues values)
    {
        var threads = new List<TestThread>();
        var write = Witness(core.Kicker, RaceEventKind.Write);
        var read = Witness(core.Victim, RaceEventKind.Read);
        if (core.HasWitness)
        {
            values.AddFlag(Flag, write, read);
            core = core with
            {
                Pinned = core.Pinned.Append(read).ToHashSet(),
                Kept = core.Kept.Append(write).Append(read).ToHashSet(),
            };
        }

        for (var cpu = 0; cpu < programs.Length; cpu++)
        {
            IEnumerable<RaceEvent> program = programs[cpu];
            if (core.HasWitness && cpu == core.Kicker)
                program = program.Append(write);
            if (core.HasWitness && cpu == core.Victim)
                program = program.Append(read);
            var items = Tidy(Items(core, program, cpu == core.Victim), cpu == core.Victim);
            if (core.HasWitness && cpu == core.Victim)
                items.Add(new TestItem.Barrier(FenceKind.Dsb));
            if (cpu == core.Victim)
                items.Add(new TestItem.Fetch());
            if (items.Count > 0)
                threads.Add(new TestThread(cpu, items) { Program = programs[cpu] });
        }

        return new TestProgram(threads, values, core);
    }

    private static RaceEvent Witness(int cpu, RaceEventKind kind) =>
        new(cpu, kind)
        {
            Words = kind == RaceEventKind.Write ? "the kick has returned (added)" : "the CPU learns of it (added)",
            Step = kind == RaceEventKind.Write ? "the kick has returned" : "learns of it",
            Location = Flag,
            HasRead = true,
            ReadValue = 1,
            Written = 1,
        };

    private static IEnumerable<TestItem> Items(Core core, IEnumerable<RaceEvent> program, bool fetches)
    {
        var steps = program.ToList();
        var first = steps.FindIndex(core.Kept.Contains);
        var last = fetches ? steps.Count - 1 : steps.FindLastIndex(core.Kept.Contains);
        if (first < 0)
            yield break;
        for (var i = first; i <= last; i++)
        {
            var step = steps[i];
            if (core.Kept.Contains(step))
                yield return new TestItem.Access(step);
            else if (step.Kind == RaceEventKind.Fence)
                yield return new TestItem.Barrier(step.Fence, step);
            else if (step.Kind == RaceEventKind.Synchronise)
                yield return new TestItem.Synchronise(step);
            var tested = step.Tests.Where(core.Kept.Contains).ToList();
            if (tested.Count > 0 && (fetches || i < last))
                yield return new TestItem.Branch(tested);
        }
    }

    /// <summary>Leaves out what another item between the same two accesses makes needless.</summary>
    private static List<TestItem> Tidy(IEnumerable<TestItem> items, bool fetches)
    {
        var result = new List<TestItem>();
        var gap = new List<TestItem>();
        foreach (var item in items)
        {
            if (item is TestItem.Access)
            {
                result.AddRange(TidyGap(gap, fetches, HasRead(result)));
                gap.Clear();
                result.Add(item);
            }
            else
            {
                gap.Add(item);
            }
        }

        result.AddRange(TidyGap(gap, fetches, HasRead(result)));
        return result;
    }

    private static bool HasRead(List<TestItem> items) => items.Any(i => i is TestItem.Access { Event.IsRead: true });

    /// <summary>Synchronisation matters to a fetch, and to what hangs on a branch over an earlier read.</summary>
    private static IEnumerable<TestItem> TidyGap(List<TestItem> gap, bool fetches, bool hasRead)
    {
        var strongest = gap.OfType<TestItem.Barrier>()
            .MinBy(b =>
                b.Kind switch
                {
                    FenceKind.Dsb => 0,
                    FenceKind.SmpMb => 1,
                    _ => 2,
                }
            );
        var isFull = strongest?.Kind is FenceKind.Dsb or FenceKind.SmpMb;
        var hasDsb = strongest?.Kind == FenceKind.Dsb;
        var lastSync = gap.FindLastIndex(i => i is TestItem.Synchronise);
        var barriers = new HashSet<FenceKind>();
        var tested = new HashSet<RaceEvent>();
        for (var i = 0; i < gap.Count; i++)
        {
            var keep = gap[i] switch
            {
                TestItem.Barrier b => (!isFull || b.Kind == strongest!.Kind) && barriers.Add(b.Kind),
                TestItem.Synchronise => i == lastSync && (fetches || (hasRead && !hasDsb)),
                TestItem.Branch b => !hasDsb && b.Reads.Where(tested.Add).ToList().Count > 0,
                _ => true,
            };
            if (keep)
                yield return gap[i];
        }
    }
}
