using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>What a drawn race must show, and how, so that a reviewer believes it.</summary>
public sealed class DrawingRuleTests
{
    [Theory]
    [InlineData("v2 idle=none svc=off", "S1")]
    [InlineData("v2 idle=none svc=off", "S1.windows")]
    [InlineData("paul start=idle", "S1")]
    [InlineData("before gic=v2 start=idle", "S1")]
    public void A_kick_does_not_return_above_a_read_that_it_has_decided_on(string scheme, string property)
    {
        var moves = RaceOf(scheme, property).Moves;
        foreach (var (back, at) in moves.Select((m, i) => (m, i)).Where(m => m.m.Kind == RaceMoveKind.KickReturns))
        {
            var late = moves.Skip(at).Where(m => m.Cpu == back.Cpu && m.Phase == MovePhase.Read).Select(m => m.Step);
            Assert.DoesNotContain(
                late,
                step => moves.Take(at).Any(m => m.Cpu == back.Cpu && m.Step == step && m.Phase == MovePhase.Issue)
            );
        }
    }

    [Theory]
    [InlineData("v2 idle=none svc=off", "S1", 2)]
    [InlineData("slab", "S3", 2)]
    [InlineData("field/acrn-mask", "S8", 3)]
    [InlineData("field/membarrier-x86", "S1", 2)]
    public void A_row_knows_the_move_that_it_tells_of(string scheme, string property, int cpus)
    {
        var race = RaceOf(scheme, property, cpus: cpus);
        var rows = RaceRows.Of(race);
        var told = rows.Where(r => r.Move is not null).ToList();

        Assert.NotEmpty(told);
        Assert.Equal(
            told.Select(r => race.Moves[r.Move!.Value]).Select(m => (m.Cpu, m.Span)),
            told.Select(r => (r.Cpu, r.Span))
        );
        Assert.Equal(told.Select(r => r.Move).Order().Distinct(), told.Select(r => r.Move));

        // What has no move is where the CPUs are when it is over.
        Assert.Equal(race.Standing.Count + (race.OldText is null ? 0 : 1), rows.Count - told.Count);
    }

    [Fact]
    public void A_read_that_must_come_late_is_told_when_it_is_issued_and_when_it_reads()
    {
        // sample=plain: the freer's loads go ahead of the sample, and that is the race.
        var text = Drawn("slab", "S3");
        AssertInOrder(
            text,
            "policy asks about CPU1",
            "issued; the read is still to come",
            "kick_all_cpus_sync returns",
            "drain got := avail[t]",
            "policy skips CPU1: reads watching[1] = 0 only now"
        );
    }

    [Fact]
    public void A_store_that_becomes_visible_in_another_frame_says_whose_it_is()
    {
        var text = Drawn(
            Own(
                """
                shared x : bit
                ghost inside : bit
                ghost then_inside : bit
                private first : bit
                path p from task
                    x := 1
                    linger "stored"
                path irq on irq from kernel
                    x86_exception
                    inside := 1
                    sysret
                path q from away
                    then_inside := inside
                    first := x
                    wait x = 1
                    assert first = 1 or then_inside = 0 for P "the store came after the interrupt"
                """,
                "p, irq",
                "q"
            ),
            "P",
            MemoryModel.Tso
        );
        AssertInOrder(
            text,
            "x := 1: issued",
            "irq: x86_exception",
            "x := 1: takes effect (of p)",
            "wait x = 1",
            "assert first = 1 or then_inside = 0",
            "^ the store came after the interrupt"
        );
        Assert.DoesNotContain("irq: x := 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_another_CPU_misses_is_shown_in_flight()
    {
        // No barrier between the kicker's store and its look at the reader: the store is what the race turns on.
        var text = Drawn("runtime-kick fence=none", "S2", MemoryModel.Tso);
        AssertInOrder(text, "data := new", "^ in flight to the end: no other CPU sees it", "lazy returns", "d := data");
    }

    [Fact]
    public void A_write_by_which_the_EQS_is_told_says_what_the_CPU_counts_as()
    {
        // The atomic is in flight, hence the policy finds that CPU1 is still in the EQS.
        AssertInOrder(
            Drawn("v2", "S1"),
            "rmw watching := 1 full",
            "^ in flight to the end: no other CPU sees it, and CPU1 still counts as in the EQS",
            "policy skips CPU1: reads watching[1] = 0"
        );
    }

    [Fact]
    public void A_write_in_flight_that_nobody_misses_is_not_marked() =>
        Assert.DoesNotContain("in flight to the end", Drawn("v1", "S1"), StringComparison.Ordinal);

    [Fact]
    public void A_read_that_an_own_write_may_answer_shows_no_value_of_memory()
    {
        // The store is in the CPU's buffer, memory has 0, and the read of its own CPU finds 1.
        var scheme = Own(
            """
            shared x : bit
            private first : bit
            private second : bit
            ghost seen : bit
            path p from task
                x := 1
                first := x
                seen := first
                linger "seen"
            path q from away
                second := x
                assert second = 1 or seen = 0 for P "the other CPU has seen it and this one not"
            """,
            "p",
            "q"
        );
        var moves = RaceOf(scheme, "P", MemoryModel.Tso).Moves;
        Assert.Null(Assert.Single(moves, m => m.Step == "first := x").ReadValue);
        Assert.Equal(0, Assert.Single(moves, m => m.Step == "second := x").ReadValue);
    }

    [Fact]
    public void A_read_that_counts_because_of_a_store_on_its_way_is_named()
    {
        // The store of the first system call becomes visible after the return; the read of the second comes after it.
        AssertInOrder(
            Drawn("slab-v3", "S2"),
            "avail := 1: issued",
            " 6 ",
            "p := cpu_cache",
            "kick_all_cpus_sync returns",
            "avail := 1: takes effect (of svc_exact)",
            "^ only now, after the return: the read of 6 comes after this access in program order"
        );
    }

    [Fact]
    public void A_condition_that_ends_with_a_parenthesis_keeps_it() =>
        Assert.Contains(
            "assert not (d = old and skipped = 1)",
            Drawn("runtime-kick fence=none", "S2", MemoryModel.Tso),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_head_of_a_narrow_column_is_whole() =>
        AssertInOrder(
            RaceDrawing.Draw(RaceOf("field/acrn-mask", "S8", cpus: 3)).Split('\n')[..2],
            "CPU0 (caller, at",
            "CPU1 (target, at",
            "CPU2 (target, at",
            "task)",
            "task)",
            "task)"
        );

    [Fact]
    public void A_return_that_synchronises_nothing_is_drawn() =>
        AssertInOrder(
            Drawn("field/membarrier-x86", "S1"),
            "discover: sync_core",
            "sysret",
            "^ synchronises nothing",
            "<< STALE"
        );

    [Fact]
    public void The_answers_of_a_policy_that_asks_are_drawn_with_what_it_read()
    {
        AssertInOrder(
            Drawn("v1", "S1.windows", MemoryModel.Sc),
            "seen := watching[t]",
            "cas done := watching[t]",
            "policy skips CPU1",
            "returns"
        );
        AssertInOrder(
            Drawn("x86-work nmi=on", "S1", MemoryModel.Sc),
            "seen := state[t]",
            "cas done := state[t]",
            "policy skips CPU1",
            "nmi_kernel"
        );
    }

    [Fact]
    public void Steps_that_hold_others_show_their_contents()
    {
        Assert.Contains("exception; in_user := 0", Drawn("v3-exact", "S5b", MemoryModel.Sc), StringComparison.Ordinal);
        Assert.Contains(
            "aarch64_insn_patch_text: either: write site as ",
            Drawn("lazysync", "S5b", MemoryModel.Sc),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("together", Drawn("slab-v3 user_flag=exact", "S3"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernels_names_stand_beside_the_steps()
    {
        var text = Drawn("v2 idle=none svc=off", "S1");
        AssertInOrder(
            text,
            "rmw watching := 1 full",
            "(atomic_add_return(&rdtp->dynticks), tree.c)",
            "policy skips CPU1",
            "(atomic_read(&rdtp->dynticks), tree.c)"
        );
    }

    [Fact]
    public void A_kick_that_cannot_return_shows_who_waits_for_what_and_why_nobody_sets_it()
    {
        AssertInOrder(
            Drawn("field/twizzler-spin", "S8"),
            "^ from here the kick cannot return",
            "waits for ever: wait request[self, t] = 0 acquire",
            "^ request[0,1] is 1; CPU1 would set it in irq_kernel: request[k, self] := 0 release",
            "spins for ever: cas got := lock",
            "lock is 1; CPU0 would set it in free_page: lock := 0 release",
            "shootdown is pending, and interrupts are masked"
        );
        AssertInOrder(
            Drawn("field/powernv-timer", "S8"),
            "waits for ever: wait single[self, t] = 0 acquire",
            "CPU1 would set it in ipi: single[k, self] := 0 release, but no interrupt is pending there"
        );
        AssertInOrder(
            Drawn(
                Own(
                    """
                    shared flag : bit
                    path p from task
                        kick k
                    path q from away
                        body
                    kick k
                        wait flag = 1
                    """,
                    "p",
                    "q"
                ),
                "S8",
                MemoryModel.Arm
            ),
            "waits for ever: wait flag = 1",
            "^ flag is 0; no step of another CPU ends the wait",
            "may stay at away"
        );
    }

    [Fact]
    public void Who_may_stay_where_the_other_waits_for_him_is_told_that_nothing_makes_him_go_on()
    {
        AssertInOrder(
            Drawn(
                Own(
                    """
                    shared flag : bit
                    path p from task
                        kick k
                    path q from away
                        flag := 1
                    kick k
                        wait flag = 1
                    """,
                    "p",
                    "q"
                ),
                "S8",
                MemoryModel.Arm
            ),
            "waits for ever: wait flag = 1",
            "^ flag is 0; CPU1 would set it in q: flag := 1",
            "may stay at away",
            "^ no interrupt is pending, and of its own accord a CPU may stay there for ever (M17)"
        );
    }

    [Fact]
    public void A_message_that_is_switched_off_where_it_is_pending_is_told()
    {
        AssertInOrder(
            Drawn(
                Own(
                    """
                    shared flag : bit
                    message work off when away
                    private m : irq
                    path p from task
                        kick k
                    path q on irq from kernel
                        exception
                        discover m
                        flag := 1 when m = work
                        eret
                    kick k
                        for t in others: send work to t
                        wait flag = 1
                    """,
                    "p",
                    "q"
                ),
                "S8",
                MemoryModel.Arm
            ),
            "waits for ever: wait flag = 1",
            "may stay at away",
            "^ work is pending, and switched off"
        );
    }

    [Theory]
    [InlineData("before", "^ the interrupt breaks the EQS")]
    [InlineData("v2", "^ too late: the CPU entered the EQS after it was asked about; the interrupt")]
    [InlineData("runtime-kick", "^ too late: the CPU entered the EQS after the interrupt was sent; the interrupt")]
    public void An_interrupt_that_breaks_the_EQS_is_too_late_only_where_the_CPU_entered_it_meanwhile(
        string scheme,
        string remark
    ) => Assert.Contains(remark, Drawn(scheme, "S5b", MemoryModel.Sc), StringComparison.Ordinal);

    /// <summary>
    /// Whether an interrupt breaks the EQS is asked of the CPU's own view, before others see its write.
    /// </summary>
    [Theory]
    [InlineData("field/rcu-expedited", "rmw watching := 0 full")]
    [InlineData("field/task-isolation", "isolated := 1")]
    public void The_write_by_which_a_CPU_is_in_the_EQS_is_drawn_though_it_is_in_flight(string scheme, string write)
    {
        var text = Drawn(scheme, "S5b", MemoryModel.Arm);
        AssertInOrder(
            text,
            "send ",
            write,
            "^ issued, and not yet seen by others: to itself the CPU is in the EQS",
            "^ too late: the CPU entered the EQS after it was asked about"
        );
    }

    private static string Own(string rest, string first, string second) =>
        $"""
            scheme own "a test"
            place task
            place away
            state eqs = task or away
            role first
                starts task
                takes {first}
            role second
                starts away
                takes {second}
            cpus first second
            {rest}

            """;

    private static void AssertInOrder(string[] lines, params string[] parts) =>
        AssertInOrder(string.Join('\n', lines), parts);

    private static void AssertInOrder(string text, params string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' does not follow in\n{text}");
            at = found + part.Length;
        }
    }

    /// <summary>The drawing with its lines joined, so that where it wraps plays no part.</summary>
    private static string Drawn(string scheme, string property, MemoryModel? memory = null) =>
        string.Join(
            ' ',
            RaceDrawing
                .Draw(RaceOf(scheme, property, memory))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );

    private static Race RaceOf(string scheme, string property, MemoryModel? memory = null, int cpus = 2)
    {
        var diagnostics = new DiagnosticCollection();
        var words = scheme.Split(' ');
        var isText = scheme.StartsWith("scheme ", StringComparison.Ordinal);
        var loaded = isText
            ? SchemeLoader.Load(new SourceText("own.kick", scheme), Catalogue.Instance, diagnostics)
            : SchemeLoader.FromCatalogue(words[0]);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        var options = new CheckOptions
        {
            Memory = memory ?? SchemeCheck.DefaultMemory(loaded!),
            Cpus = cpus,
            Knobs = isText
                ? new Dictionary<string, string>()
                : words.Skip(1).Select(w => w.Split('=')).ToDictionary(w => w[0], w => w[1], StringComparer.Ordinal),
        };
        var result = SchemeCheck.Run(loaded!, options, diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        return result![property].Race.Value ?? throw new InvalidOperationException($"{property} is not violated");
    }
}
