using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>
/// Takes the CPUs of a race through the same scheme with other knobs. Each CPU goes alone: its reads return what they
/// returned in the race; what the knobs add is taken on the way, and what they remove is left out. Among all such ways
/// it is the one with the fewest differences.
/// </summary>
internal sealed class TwinFinder(RaceEvents race, CheckResult mended)
{
    private const int MaxNodes = 100_000;
    private const int Similar = 2;
    private const int Difference = 3;

    private readonly CompiledScheme _scheme = mended.Compiled;

    /// <summary>Finds the programs.</summary>
    /// <param name="core">What has to be there.</param>
    /// <param name="last">Where the victim stands at the end, or null.</param>
    /// <exception cref="ExportRefusedException">A step of the core has no counterpart.</exception>
    public TwinProgram Find(Core core, Instruction? last)
    {
        var programs = new IReadOnlyList<RaceEvent>[race.Programs.Length];
        var like = new Dictionary<RaceEvent, RaceEvent>();
        for (var cpu = 0; cpu < programs.Length; cpu++)
        {
            var fetches = cpu == core.Victim && last is not null;
            var isWhole = fetches || (core.HasWitness && cpu == core.Kicker);
            var turns = race.Programs[cpu].GroupBy(e => e.Turn).Select(g => g.ToList()).ToList();
            if (!isWhole)
                turns = [.. turns.Take(turns.FindLastIndex(t => t.Any(core.Kept.Contains)) + 1)];
            programs[cpu] = turns.Count == 0 && !fetches ? [] : Follow(cpu, turns, core, fetches ? last : null, like);
        }

        if (core.Kept.FirstOrDefault(k => !like.ContainsKey(k)) is { } missing)
            throw Missing(missing.Cpu, missing.Words);
        return new TwinProgram(programs, like);
    }

    private List<RaceEvent> Follow(
        int cpu,
        List<List<RaceEvent>> turns,
        Core core,
        Instruction? last,
        Dictionary<RaceEvent, RaceEvent> like
    )
    {
        var start = new Node(Start(), 0, null, null, null, 0);
        var queue = new PriorityQueue<Node, (int Cost, int Left)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var furthest = 0;
        queue.Enqueue(start, (0, turns.Count));
        while (queue.TryDequeue(out var node, out _))
        {
            if (!seen.Add($"{node.Turn};{string.Join(',', node.Values)}"))
                continue;
            furthest = Math.Max(furthest, node.Turn);
            var here = At(cpu, node.Values);
            if (node.Turn == turns.Count && (last is null || here.Key == last.Key))
                return Steps(node, turns, like);
            if (seen.Count > MaxNodes)
                break;
            foreach (var next in Next(node, here, turns, core))
                queue.Enqueue(next, (next.Cost, turns.Count - next.Turn));
        }

        var missing =
            turns.Skip(furthest).SelectMany(t => t).FirstOrDefault(core.Kept.Contains)?.Words
            ?? last?.Text
            ?? "the race";
        throw Missing(cpu, missing);
    }

    private static ExportRefusedException Missing(int cpu, string step) =>
        new(
            $"with these knobs CPU{cpu} does not come to '{step}' as it does in the race",
            "choose knobs that leave the accesses of the race in place"
        );

    private IEnumerable<Node> Next(Node node, Instruction here, List<List<RaceEvent>> turns, Core core)
    {
        var due = node.Turn < turns.Count ? turns[node.Turn] : null;
        for (var m = 0; m < here.Moves.Count; m++)
        {
            var move = here.Moves[m];
            var access = AccessOf(move);
            if (due is not null && IsSame(move, m, here, due[0].Move!))
                yield return Take(node, move, due, Forced(access, due), 0);
            if (
                due is not null
                && access is not null
                && move.Enters == due[0].Move!.Enters
                && IsSimilar(move, due)
                && Allows(move, access, Forced(access, due))
            )
            {
                yield return Take(node, move, due, Forced(access, due), Similar);
            }

            if (move.Enters is not null)
                continue;
            foreach (
                var value in access is null
                    ? [null]
                    : Enumerable.Range(access.Low, access.High - access.Low + 1).Select(v => (int?)v)
            )
            {
                if (Allows(move, access, value, node.Values))
                    yield return Take(node, move, null, value, Difference);
            }
        }

        if (due is not null && !due.Any(core.Kept.Contains))
        {
            yield return node with
            {
                Turn = node.Turn + 1,
                Cost = node.Cost + Difference,
            };
        }

        bool Allows(Move move, Field? access, int? value, int[]? values = null)
        {
            if (move.Guard is null)
                return true;
            var seen = (int[])(values ?? node.Values).Clone();
            if (access is not null && value is not null)
                seen[access.Id] = value.Value;
            return move.Guard.Of(seen) != 0;
        }
    }

    private static bool IsSame(Move move, int index, Instruction here, Move of) =>
        move.Instruction.Key == of.Instruction.Key
        && move.Enters == of.Enters
        && move.Note == of.Note
        && (
            here.Moves.Count != of.Instruction.Moves.Count
            || of.Enters is not null
            || of.Instruction.Moves.IndexOf(of) == index
        );

    /// <summary>
    /// Another step that accesses the same variable and does at least as much: a sample with another ordering, an
    /// atomic for a store.
    /// </summary>
    private bool IsSimilar(Move move, List<RaceEvent> due)
    {
        if (
            due.FirstOrDefault(e => e.IsAccess) is not { } access
            || AccessOf(move) is not { } variable
            || variable.Name != access.Location
        )
        {
            return false;
        }

        var isAtomic = move.Instruction.Step is RmwStep or CasStep or LockStep or TakeStep;
        var writes = move.Effects.Any(e => e.Field == variable);
        return (!access.IsWrite || writes) && (!access.IsRead || isAtomic || !writes);
    }

    private Field? AccessOf(Move move) =>
        move.ReadFields()
            .Concat(move.Effects.Select(e => e.Field))
            .FirstOrDefault(f => f == _scheme.AccessOf(move.Instruction).Variable);

    private static int? Forced(Field? access, List<RaceEvent> due) =>
        access is null
            ? null
            : due.FirstOrDefault(e => e is { IsRead: true, HasRead: true } && e.Location == access.Name)?.ReadValue;

    private Node Take(Node node, Move move, List<RaceEvent>? due, int? value, int cost)
    {
        var values = (int[])node.Values.Clone();
        if (value is not null && AccessOf(move) is { } access)
            values[access.Id] = value.Value;
        foreach (var (field, effect) in move.Effects)
            values[field.Id] = effect.Of(values);
        return new Node(values, due is null ? node.Turn : node.Turn + 1, node, move, due, node.Cost + cost)
        {
            Read = value,
        };
    }

    /// <summary>The steps of a way, told from its start.</summary>
    private List<RaceEvent> Steps(Node end, List<List<RaceEvent>> turns, Dictionary<RaceEvent, RaceEvent> like)
    {
        var way = new List<Node>();
        for (var node = end; node?.Parent is not null; node = node.Parent)
            way.Add(node);
        way.Reverse();
        var events = new EventFactory(_scheme);
        var program = new List<RaceEvent>();
        foreach (var node in way.Where(n => n.Move is not null))
        {
            var values = (int[])node.Parent!.Values.Clone();
            if (node.Read is { } read && AccessOf(node.Move!) is { } access)
                values[access.Id] = read;
            foreach (var step in events.Create(node.Move!, values))
            {
                program.Add(step);
                step.HasRead = node.Read is not null;
                step.ReadValue = node.Read ?? 0;
                if (node.Of?.FirstOrDefault(e => IsLike(step, e) && !like.ContainsKey(e)) is { } of)
                {
                    step.HasFailed = of.HasFailed;
                    like[of] = step;
                }
            }
        }

        return program;
    }

    private static bool IsLike(RaceEvent step, RaceEvent of) =>
        of.IsAccess
            ? step.Location == of.Location && (!of.IsWrite || step.IsWrite) && (!of.IsRead || step.IsRead)
            : step.Kind == of.Kind;

    private int[] Start()
    {
        var places = _scheme
            .Cpus.Select(
                (_, cpu) =>
                    race.Scheme.Cpus[cpu].Levels[0][race.Scheme.Fields.Cpus[cpu].Pc[0].Read(race.Execution.Start)].Path
            )
            .ToList();
        var words =
            InitialStates
                .Of(_scheme)
                .FirstOrDefault(w =>
                    _scheme
                        .Cpus.Select((c, cpu) => c.Levels[0][_scheme.Fields.Cpus[cpu].Pc[0].Read(w)].Path)
                        .SequenceEqual(places)
                )
            ?? throw new ExportRefusedException(
                $"with these knobs the CPUs do not start at {string.Join(", ", places)}",
                "choose knobs that leave the accesses of the race in place"
            );
        var values = new int[_scheme.Fields.Layout.Fields.Count];
        foreach (var field in _scheme.Fields.Layout.Fields)
            values[field.Id] = field.Read(words);
        return values;
    }

    /// <summary>Where a CPU stands: the top frame's next step, or a place.</summary>
    private Instruction At(int cpu, int[] values)
    {
        var code = _scheme.Cpus[cpu].Levels;
        for (var level = code.Count - 1; level > 0; level--)
        {
            if (values[_scheme.Fields.Cpus[cpu].Pc[level].Id] is var pc and > 0)
                return code[level][pc - 1];
        }

        return code[0][values[_scheme.Fields.Cpus[cpu].Pc[0].Id]];
    }

    /// <summary>A CPU on its way.</summary>
    private sealed record Node(int[] Values, int Turn, Node? Parent, Move? Move, List<RaceEvent>? Of, int Cost)
    {
        /// <summary>What the move read.</summary>
        public int? Read { get; init; }
    }
}
