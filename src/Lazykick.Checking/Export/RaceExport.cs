using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>
/// Exports one race: finds its core, drops what the verdict does not need, and proves the result on our own machine.
/// </summary>
internal sealed class RaceExport
{
    private readonly CheckResult _check;
    private readonly CheckResult? _mended;
    private readonly CheckResult? _ordered;
    private readonly PropertyVerdict _verdict;
    private readonly TestRun _run;
    private readonly RaceEvents _race;
    private readonly SchemeExecution _execution;

    /// <summary>Reads the race.</summary>
    /// <param name="check">What the check found.</param>
    /// <param name="mended">The same with mended knobs, or null.</param>
    /// <param name="ordered">The same under <c>sc</c>, or null if that is not known.</param>
    /// <param name="verdict">The verdict whose race it is.</param>
    /// <param name="limits">Limits of running a test.</param>
    /// <param name="cancellation">Stops the export.</param>
    public RaceExport(
        CheckResult check,
        CheckResult? mended,
        CheckResult? ordered,
        PropertyVerdict verdict,
        SearchLimits limits,
        CancellationToken cancellation
    )
    {
        _check = check;
        _mended = mended;
        _ordered = ordered;
        _verdict = verdict;
        _run = new TestRun(
            check.Memory == MemoryModel.Arm || check.Scheme.Arch != "x86_64",
            check.Memory,
            limits,
            cancellation
        );
        _execution = check.ExecutionOf(verdict.Property)!;
        _race = RaceReader.Read(check.Compiled, _execution, verdict.Property);
    }

    /// <summary>The test, and its mended twin if there is one.</summary>
    /// <exception cref="ExportRefusedException">Litmus tests cannot say what the race turns on.</exception>
    public IReadOnlyList<ExportedTest> Run()
    {
        var core = FindCore();
        if (core.Text is not null && !_run.IsArm)
        {
            throw new ExportRefusedException(
                $"'{_race.Programs[core.Kicker].First(e => e.Text == core.Text).Words}' patches text, and litmus tests "
                    + "of x86_64 have no instruction that is fetched as data is written",
                "races about data can be exported"
            );
        }

        TwinProgram? twin = null;
        if (_mended is not null)
            twin = new TwinFinder(_race, _mended).Find(core, _execution.Last);
        var wanted = _mended?[_verdict.Property].Verdict;
        if (wanted == Verdict.Undecided)
        {
            throw new SearchUndecidedException(
                $"the search with the mended knobs gave up after {_mended!.States:N0} states"
            );
        }

        foreach (var wide in Widened(core))
        {
            if (!Proves(wide))
                continue;
            var small = wide == core ? Minimised(wide) : wide;
            var program = Program(small);
            if (twin is null)
                return [Writer().Write(program, null)];
            if (_run.IsAllowed(Program(small, twin)) == (wanted == Verdict.Violated))
                return [Writer().Write(program, null), Writer().Write(Program(small, twin), _mended)];
        }

        throw Refusal(core, twin, wanted);
    }

    private TestWriter Writer() => new(_check, _ordered, _verdict, _race, _run);

    private Core FindCore()
    {
        var finder = new CoreFinder(_race);
        if (_execution.Last is { } last)
            return finder.OfText(last);
        var violating = _execution.Steps[^1].Move;
        var step = $"'{violating.Instruction.Text}' ({violating.Instruction.Span})";
        if (_verdict.Definition.WhyNotExported(step) is { } why)
            throw new ExportRefusedException(why, Draws);
        return finder.OfData() ?? throw NoCycle(step);
    }

    private const string Draws = "'lazykick check' draws the race";

    private ExportRefusedException NoCycle(string step)
    {
        var sent = _race.Programs.SelectMany(p => p).FirstOrDefault(e => e.Move?.Instruction.Step is SendStep);
        var also = sent is null ? "" : $"; it also needs '{sent.Words}', and litmus tests have no interrupts";
        return new ExportRefusedException(
            $"the race to {step} needs no reordering: it happens in a machine that does everything in order, and a "
                + $"litmus test of it would be allowed everywhere{also}",
            Draws
        );
    }

    private TestProgram Program(Core core) => TestBuilder.Build(core, _race.Programs, TestValues.Of(_race, core));

    private TestProgram Program(Core core, TwinProgram twin) => twin.Build(core, TestValues.Of(_race, core));

    /// <summary>
    /// The outcome is allowed, and not when everything is in order and complete: then it is order that the race turns
    /// on.
    /// </summary>
    private bool Proves(Core core)
    {
        var program = Program(core);
        return _run.IsAllowed(program) && !_run.IsAllowed(program.Strengthened());
    }

    private Core Minimised(Core core)
    {
        foreach (var step in core.Kept.Where(k => !k.IsText).OrderBy(k => k.Cpu).ThenBy(_race.IndexOf).ToList())
        {
            var without = core.Without(step);
            if (without.Kept.Any(k => !k.IsText) && without.HasOutcome && Proves(without))
                core = without;
        }

        return core;
    }

    /// <summary>The core, then with the accesses between its own that order others, then with all between.</summary>
    private IEnumerable<Core> Widened(Core core)
    {
        yield return core;
        foreach (var test in new Func<RaceEvent, bool>[] { e => e.Orders, e => e.IsAccess })
        {
            var wide = core.Kept.ToHashSet();
            for (var cpu = 0; cpu < _race.Programs.Length; cpu++)
            {
                var program = _race.Programs[cpu];
                var kept = program.Where(core.Kept.Contains).Select(_race.IndexOf).ToList();
                var isVictim = cpu == core.Victim;
                if (kept.Count == 0 && !isVictim)
                    continue;
                var from = kept.Count > 0 ? kept[0] : 0;
                var to = isVictim || core.HasWitness ? program.Count - 1 : kept[^1];
                wide.UnionWith(
                    program.Take(to + 1).Skip(from).Where(e => e.IsAccess && (e.IsWrite || e.HasRead) && test(e))
                );
            }

            if (wide.Count > core.Kept.Count)
            {
                yield return core with
                {
                    Kept = wide,
                    Pinned = wide.Where(e => e is { IsRead: true, HasRead: true }).ToHashSet(),
                };
            }
        }
    }

    private ExportRefusedException Refusal(Core core, TwinProgram? twin, Verdict? wanted)
    {
        if (!Proves(core))
        {
            var allowed = _run.IsAllowed(Program(core));
            return new ExportRefusedException(
                allowed
                    ? "the accesses of the race alone do not carry it: their outcome is allowed even when everything "
                        + "is in order"
                    : "the accesses of the race alone do not carry it: our own litmus machine forbids their outcome",
                $"'{_race.Programs[core.Kept.First().Cpu].First(core.Kept.Contains).Words}' is the first of them. "
                    + $"{Draws}"
            );
        }

        var turned = _mended!.Knobs.Where(k => _check.Knobs[k.Key] != k.Value).Select(k => $"{k.Key}={k.Value}");
        var mended = $"with {string.Join(' ', turned)}";
        return twin is not null && wanted == Verdict.Violated
            ? new ExportRefusedException(
                $"{mended} {_verdict.Property} is violated as well, but not by this race: its core is forbidden then",
                "export that scheme's own race with --set"
            )
            : new ExportRefusedException(
                $"{mended} {_verdict.Property} holds, but not by what stands between the accesses of this race: the "
                    + "core is still allowed then",
                "choose knobs that change the accesses, the barriers or the synchronisation of this race"
            );
    }
}
