using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>Writes a test with the remarks that say where it comes from, and judges it as written.</summary>
internal sealed class TestWriter(
    CheckResult check,
    CheckResult? ordered,
    PropertyVerdict verdict,
    RaceEvents race,
    TestRun run
)
{
    private const int Width = 100;

    public ExportedTest Write(TestProgram program, CheckResult? mended)
    {
        var knobs = Changed(mended ?? check);
        var name = string.Join(
            '+',
            knobs
                .Select(k => $"{k.Key}-{k.Value}")
                .Prepend(check.Scheme.Name)
                .Append(verdict.Property.Replace('.', '-'))
        );
        var names = new LocationNames();
        var kept = Kept(program).ToList();
        var dropped = Dropped(program).ToList();
        var title =
            $"{check.Scheme.Name}"
                + $"{(knobs.Count == 0 ? "" : " with " + string.Join(' ', knobs.Select(k => $"{k.Key}={k.Value}")))}: "
                + $"the core of a race to {verdict.Property}";
        var bare = TestText.Write(program, run.IsArm, name, title, [], names);
        var answer = run.Verdict(bare, run.Model);
        var usual = run.Model == run.Usual ? answer : run.Verdict(bare, run.Usual);
        var remarks = Remarks(program, mended, answer, usual, names, kept, dropped).SelectMany(Wrap);
        var text = TestText.Write(program, run.IsArm, name, title, remarks, names);
        if (run.Verdict(text, run.Model) != answer)
            throw new InvalidOperationException("a remark changed the answer of a test");
        return new ExportedTest(name, knobs, run.Model, answer, usual, text, kept, dropped);
    }

    private static Dictionary<string, string> Changed(CheckResult result) =>
        result
            .Knobs.Where(k => result.Scheme.Knobs[k.Key] is var knob && knob.Values[knob.Default] != k.Value)
            .ToDictionary(StringComparer.Ordinal);

    private IEnumerable<string> Remarks(
        TestProgram program,
        CheckResult? mended,
        string answer,
        string usual,
        LocationNames names,
        List<string> kept,
        List<string> dropped
    )
    {
        var model = TestText.Model(run.Model);
        var verdicts = (mended ?? check)[verdict.Property];
        yield return verdicts.Verdict == Verdict.Violated
            ? $"{verdict.Property} is violated under {model} with {check.Cpus} CPUs{Window(mended ?? check)}: "
                + $"{verdicts.Length} moves."
            : $"{verdict.Property} holds under {model} with {check.Cpus} CPUs{Window(mended ?? check)}; this is the "
                + "core of the race that other knobs have.";
        var inOrder = mended is null ? " With every access complete before the next begins it is Forbidden." : "";
        yield return $"{answer} under {model} on lazykick's "
            + $"machine{(run.Model == run.Usual ? "" : $", {usual} under {TestText.Model(run.Usual)}")}.{inOrder}";
        if (mended is null && ordered?[verdict.Property].Verdict is { } inOrderVerdict and not Verdict.Undecided)
        {
            yield return inOrderVerdict == Verdict.Holds
                ? $"Under sc {verdict.Property} holds."
                : $"Under sc {verdict.Property} is violated, too: the scheme has races that need no reordering.";
        }

        if (program.Core.Text is null && !race.Bearing.Any(program.Core.Pinned.Contains) && mended is null)
        {
            yield return $"What {verdict.Property} forbids is judged outside of memory; the test is the reordering "
                + "that its race contains.";
        }

        foreach (var (thread, i) in program.Threads.Select((t, i) => (t, i)))
        {
            yield return $"P{i} is CPU{thread.Cpu}, {check.Scheme.RoleOf(thread.Cpu).Name}. Kept: {List(kept, i)}.";
            if (dropped.Any(d => IsOf(d, i)))
                yield return $"Left out of P{i}: {List(dropped, i)}.";
        }

        foreach (var (thread, i) in program.Threads.Select((t, i) => (t, i)))
        {
            foreach (
                var stand in thread.Items.OfType<TestItem.Synchronise>().Where(s => s.Source is { Step: not "isb" })
            )
            {
                yield return $"An ISB of P{i} stands for {stand.Source!.Words}: both synchronise the context.";
            }
        }

        if (program.Core.HasWitness)
        {
            yield return "The variable returned is added: by it the second CPU learns that the kick has returned. Its "
                + "DSB completes that read and synchronises nothing.";
        }

        foreach (var (name, location) in names.Changed)
            yield return $"{name} is {location}.";
        foreach (var (location, meanings) in program.Values.Renumbered)
        {
            yield return $"{names[location]} counts its writes: "
                + $"{string.Join(", ", meanings.Select(m => $"{m.Value} is the scheme's {m.Meaning}"))}.";
        }
    }

    private static string Window(CheckResult result) =>
        result.InFlight == 0 ? "" : $", {result.InFlight} accesses in flight";

    private static IEnumerable<string> Kept(TestProgram program)
    {
        foreach (var (thread, i) in program.Threads.Select((t, i) => (t, i)))
        {
            foreach (var item in thread.Items)
            {
                if (item is TestItem.Access access)
                    yield return $"P{i}: {access.Event.Words}";
                else if (item is TestItem.Synchronise { Source: { } source })
                    yield return $"P{i}: {source.Words}";
                else if (item is TestItem.Barrier { Source: { } barrier })
                    yield return $"P{i}: {barrier.Words}";
            }
        }
    }

    /// <summary>What the race has and the test has not, each step once.</summary>
    private static IEnumerable<string> Dropped(TestProgram program)
    {
        foreach (var (thread, i) in program.Threads.Select((t, i) => (t, i)))
        {
            var steps = thread.Program;
            var fetches = thread.Items.Any(t => t is TestItem.Fetch);
            var here = thread.Items.SelectMany(Sources).ToHashSet();
            var first = steps.ToList().FindIndex(here.Contains) is var index and >= 0 ? index : steps.Count;
            var last = fetches ? steps.Count : steps.ToList().FindLastIndex(here.Contains);
            foreach (
                var group in steps
                    .Select((s, at) => (Step: s, At: at))
                    .Where(s => !here.Contains(s.Step))
                    .GroupBy(s => s.Step.Words)
            )
            {
                yield return $"P{i}: "
                    + $"{group.Key}"
                    + $"{Why(group.First().Step, group.First().At < first, group.First().At > last, fetches)}";
            }
        }
    }

    private static string Why(RaceEvent step, bool isBefore, bool isBehind, bool fetches) =>
        step switch
        {
            { Kind: RaceEventKind.Synchronise } when isBefore && fetches =>
                ", a synchronisation before all that is kept: too early to matter",
            { Kind: RaceEventKind.Synchronise or RaceEventKind.Fence } when isBefore || isBehind => "",
            { Kind: RaceEventKind.Synchronise or RaceEventKind.Fence } => ", adds nothing to what stands beside it",
            {
                Kind: RaceEventKind.Other,
                Move.Instruction.Step: SyncStep { Kind: SyncKind.Exception or SyncKind.Eret }
            } => ", which synchronises nothing here (EIS or EOS is 0)",
            { Move.Instruction.Step: SendStep or DiscoverStep } =>
                ", an interrupt: litmus tests have none, and this one needs none",
            _ => "",
        };

    private static IEnumerable<RaceEvent> Sources(TestItem item) =>
        item switch
        {
            TestItem.Access a => [a.Event],
            TestItem.Synchronise { Source: { } source } => [source],
            TestItem.Barrier { Source: { } source } => [source],
            _ => [],
        };

    private static bool IsOf(string line, int thread) => line.StartsWith($"P{thread}: ", StringComparison.Ordinal);

    private static string List(IEnumerable<string> lines, int thread) =>
        string.Join(
            "; ",
            lines.Where(l => IsOf(l, thread)).Select(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..])
        );

    private static IEnumerable<string> Wrap(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "  " + word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
