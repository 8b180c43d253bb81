using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Export;

/// <summary>
/// Finds the cycle that makes a race: program order, reads-from, coherence and from-reads (Alglave, Maranget,
/// Tautschnig, TOPLAS 2014), through the fetch of old text or through the read that has the bad value. In a machine
/// that keeps program order no such cycle happens.
/// </summary>
internal sealed class CoreFinder(RaceEvents race)
{
    /// <summary>
    /// The core of a race that ends with old text before a CPU. The fetch is later than the return because the victim
    /// overwrites what the kicker decided by, the last that it learnt from the victim or something after it; if it does
    /// not, a witness has to tell.
    /// </summary>
    public Core OfText(Instruction last)
    {
        var words = race.Execution.Steps.Count > 0 ? race.Execution.Steps[^1].After : race.Execution.Start;
        var text =
            race.Scheme.Fields.Texts.FirstOrDefault(t =>
                t.Stale[last.Cpu].Read(words) == 1 && t.Returned.Read(words) == 1
            )
            ?? throw new ExportRefusedException(
                $"no patched location is stale on CPU{last.Cpu} when the race ends",
                "litmus tests know old text, not old translations"
            );
        var write = race.Programs.SelectMany(p => p).Last(e => e.Kind == RaceEventKind.WriteText && e.Text == text);
        var kicker = race.Programs[write.Cpu];
        var from = race.IndexOf(write);
        var end = Enumerable
            .Range(from, kicker.Count - from)
            .FirstOrDefault(i => Vouches(kicker[i], text), kicker.Count - 1);
        var upkeep = kicker.Take(end).Skip(from).Where(e => e.Text == text).ToHashSet();
        var core = new Core
        {
            Kept = upkeep,
            Pinned = new HashSet<RaceEvent>(),
            Text = text,
            Victim = last.Cpu,
            Kicker = write.Cpu,
        };
        if (last.Cpu == write.Cpu)
            return core;
        var learnt = Enumerable
            .Range(0, end)
            .Where(i => kicker[i] is { IsRead: true, HasRead: true, Source: { } source } && source.Cpu == last.Cpu);
        var after = Math.Max(upkeep.Max(race.IndexOf) + 1, learnt.LastOrDefault());
        var decisions = kicker.Take(end).Skip(after).Where(e => e is { IsRead: true, HasRead: true }).Reverse();
        var way = decisions
            .Select(d => Shortest(d, e => e.Cpu == last.Cpu, overwritten: true))
            .Where(w => w is not null)
            .MinBy(w => w!.Count);
        return way is null ? core with { HasWitness = true } : Close(core, way);
    }

    /// <summary>The core of a race that ends with a bad value, or null if it needs no reordering.</summary>
    public Core? OfData()
    {
        var last = race.Execution.Steps[^1].Move.Instruction.Cpu;
        var own = race.Programs[last].Where(e => e is { IsRead: true, HasRead: true }).Reverse().ToList();
        var candidates = race.Bearing.Count > 0 ? own.Where(race.Bearing.Contains) : own;
        var cycle = candidates.Select(Cycle).Where(c => c is not null).MinBy(c => c!.Count);
        return cycle is null
            ? null
            : Close(new Core { Kept = new HashSet<RaceEvent>(), Pinned = new HashSet<RaceEvent>() }, cycle);
    }

    private static bool Vouches(RaceEvent step, TextFields text) =>
        step.Move!.ReturnsKick
        && step.Move.Effects.Any(e => e.Field == text.Returned && e.Value.IsConstant(out var value) && value == 1);

    private List<Hop>? Cycle(RaceEvent read) => Shortest(read, e => e == read, overwritten: false);

    /// <summary>The shortest way over edges.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="isGoal">Where it ends.</param>
    /// <param name="overwritten">It begins with a write over what the start read.</param>
    private List<Hop>? Shortest(RaceEvent start, Func<RaceEvent, bool> isGoal, bool overwritten)
    {
        var from = new Dictionary<RaceEvent, Hop>();
        var queue = new Queue<RaceEvent>();
        queue.Enqueue(start);
        while (queue.TryDequeue(out var at))
        {
            foreach (var hop in Edges(at).Where(h => at != start || !overwritten || h.Kind == HopKind.FromRead))
            {
                if (isGoal(hop.To))
                    return Walk(hop);
                if (hop.To != start && from.TryAdd(hop.To, hop))
                    queue.Enqueue(hop.To);
            }
        }

        return null;

        List<Hop> Walk(Hop last)
        {
            var way = new List<Hop> { last };
            while (way[^1].From != start)
                way.Add(from[way[^1].From]);
            way.Reverse();
            return way;
        }
    }

    private IEnumerable<Hop> Edges(RaceEvent at)
    {
        if (at is { IsRead: true, HasRead: true })
        {
            foreach (var write in race.After(at, ofWrite: false).Where(w => w.Cpu != at.Cpu))
                yield return new Hop(at, write, HopKind.FromRead);
        }

        if (at.IsWrite)
        {
            foreach (var read in race.ReadersOf(at).Where(r => r.Cpu != at.Cpu))
                yield return new Hop(at, read, HopKind.ReadsFrom);
            foreach (var write in race.After(at, ofWrite: true).Where(w => w.Cpu != at.Cpu))
                yield return new Hop(at, write, HopKind.Coherence);
        }

        foreach (
            var later in race.Programs[at.Cpu]
                .Skip(race.IndexOf(at) + 1)
                .Where(e => e.IsAccess && (e.IsWrite || e.HasRead))
        )
        {
            yield return new Hop(at, later, HopKind.ProgramOrder);
        }
    }

    /// <summary>Keeps what the way goes through, and the writes that pinned reads take their values from.</summary>
    private Core Close(Core core, List<Hop> way)
    {
        var kept = new HashSet<RaceEvent>(core.Kept);
        kept.UnionWith(way.SelectMany(h => new[] { h.From, h.To }));
        var pinned = way.Where(h => h.Kind == HopKind.FromRead)
            .Select(h => h.From)
            .Concat(way.Where(h => h.Kind == HopKind.ReadsFrom).Select(h => h.To))
            .ToHashSet();
        foreach (var read in pinned.Where(r => r.Source is not null))
        {
            var writes = kept.Where(w => w.IsWrite && w.Location == read.Location).ToList();
            if (writes.Any(w => w == read.Source || !race.After(read.Source!, ofWrite: true).Contains(w)))
                kept.Add(read.Source!);
        }

        return core with
        {
            Kept = kept,
            Pinned = pinned,
            FinalValues = way.Where(h => h.Kind == HopKind.Coherence).Select(h => h.To.Location!).ToHashSet(),
        };
    }

    private enum HopKind
    {
        ProgramOrder,
        ReadsFrom,
        Coherence,
        FromRead,
    }

    private sealed record Hop(RaceEvent From, RaceEvent To, HopKind Kind);
}
