using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>The races that reviewers drew by hand, against those that the exploration finds.</summary>
public sealed class ClaimRaceTests
{
    [Fact]
    public void Claim_30_has_the_steps_the_order_and_the_columns_of_the_diagram_in_patch_4()
    {
        // mail 6; its CPU0 is our target, its CPU1 our kicker.
        var race = Race(30);
        string[] drawn = ["CPU1 isb", "CPU0 write text", "CPU0 kick returns", "CPU1 leave EQS", "CPU1 run text"];
        Assert.Equal(drawn, Projected(race));
    }

    [Fact]
    public void Claim_30_stays_in_one_system_call_and_kicks_nobody()
    {
        var race = Race(30);
        Assert.Equal(["kicker", "target"], race.Roles);
        Assert.Equal(["el0_svc"], race.Moves.Where(m => m.Cpu == 1).Select(m => m.Path).Distinct());
        Assert.DoesNotContain(race.Moves, m => m.Kind == RaceMoveKind.Send);
        Assert.Contains("context_tracking", race.OldText!.Step + string.Concat(race.Moves[^1].Calls));
    }

    [Fact]
    public void Claim_14_is_the_interleaving_of_thread_719_to_732()
    {
        // IRQ taken for something else; isb; text patched, IPI sent; the IPI discovered within the same exception.
        var moves = Race(14).Moves;
        var entered = Find(m => m.Cpu == 1 && m.Enters == "el1_irq");
        var isb = Find(m => m.Cpu == 1 && m.Step == "isb");
        var write = Find(m => m.Kind == RaceMoveKind.WriteText);
        var send = Find(m => m.Kind == RaceMoveKind.Send);
        var discover = Find(m => m is { Cpu: 1, Kind: RaceMoveKind.Discover, Note: "call_function" });
        var returns = Find(m => m.Kind == RaceMoveKind.KickReturns);
        int[] order = [entered, isb, write, send, discover, returns];
        Assert.Equal(order.Order(), order);
        Assert.DoesNotContain(-1, order);
        Assert.Equal("device interrupt", moves[entered].Note);

        int Find(Func<RaceMove, bool> picks) => moves.ToList().FindIndex(m => picks(m));
    }

    [Fact]
    public void Claim_46_is_the_call_chain_of_the_splat()
    {
        // mail 15: el0_dbg, do_debug_exception, and lockdep's "used illegally while idle".
        var moves = Race(46).Moves;
        Assert.All(moves, m => Assert.Equal("el0_dbg", m.Path));
        Assert.Equal("call \"do_debug_exception\" uses rcu", moves[^1].Step);
        Assert.DoesNotContain(moves, m => m.Kind == RaceMoveKind.LeaveEqs);
    }

    private static Race Race(int number)
    {
        var claim = SharedClaims.ByNumber[number];
        var drawing = Assert.Single(claim.Draws);
        return SharedClaims.Decide(claim)[drawing.Run][drawing.Property].Race.Value!;
    }

    /// <summary>The race without what the diagram leaves out: the kicker's own isb belongs to its patching.</summary>
    private static IEnumerable<string> Projected(Race race)
    {
        foreach (var move in race.Moves)
        {
            var word = move.Kind switch
            {
                RaceMoveKind.WriteText => "write text",
                RaceMoveKind.KickReturns => "kick returns",
                RaceMoveKind.LeaveEqs => "leave EQS",
                RaceMoveKind.Synchronise when move.Step == "isb" && move.Path != "aarch64_insn_patch_text" => "isb",
                _ => null,
            };
            if (word is not null)
                yield return $"CPU{move.Cpu} {word}";
        }

        if (race.OldText is { } text)
            yield return $"CPU{text.Cpu} run text";
    }
}
