using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M12 to M15: the ways into paths and out of them, and interrupts.</summary>
public class DoorRuleTests
{
    private const string Nmi = "path nmi on nmi from kernel\n    exception\n    eret\n";
    private const string Brk = "path brk on brk from kernel\n    exception\n    eret\n";
    private const string Debug = "path dbg on debug from kernel\n    exception\n    eret\n";
    private const string Irq = "path irq on irq from kernel\n    exception\n    eret\n";
    private const string SError = "path err on serror from kernel\n    exception\n    eret\n";

    [Theory]
    [InlineData("exception", "irq", false)]
    [InlineData("exception", "debug", false)]
    [InlineData("exception", "serror", false)]
    [InlineData("exception", "brk", true)]
    [InlineData("exception", "nmi", true)]
    [InlineData("x86_exception", "irq", false)]
    [InlineData("x86_exception", "nmi", true)]
    public void M12AnEntryMasks(string entry, string trigger, bool comes)
    {
        var result = CheckFromUser(
            $"path svc from user\n    {entry}\n    step a\n    eret\npath handler on {trigger} from kernel\n    "
                + "exception\n    eret\n"
        );
        Assert.Equal(comes, result.NeverTaken.Count == 0);
    }

    [Theory]
    [InlineData("unmask D A I F", "irq", true)]
    [InlineData("unmask D A", "irq", false)]
    [InlineData("unmask D", "debug", true)]
    [InlineData("unmask A", "serror", true)]
    [InlineData("unmask A I F", "debug", false)]
    [InlineData("inherit masks", "irq", true)] // of user mode: none
    public void M13AMaskKeepsItsClassOut(string masks, string trigger, bool comes)
    {
        var result = CheckFromUser(
            $"path svc from user\n    exception\n    {masks}\n    step a\n    eret\npath handler on {trigger} from "
                + "kernel\n    exception\n    eret\n"
        );
        Assert.Equal(comes, result.NeverTaken.Count == 0);
    }

    [Fact]
    public void M12AHandlerCanInheritTheMasksOfWhatItInterrupts()
    {
        // The NMI hits svc with I set and inherits that: no IRQ nests in it.
        const string Handlers =
            "path nmi on nmi from kernel\n    exception\n    inherit masks\n    step b\n    eret\n" + Irq;
        Assert.NotEmpty(
            CheckFromUser("path svc from user\n    exception\n    step a\n    eret\n" + Handlers).NeverTaken
        );
        Assert.Empty(
            CheckFromUser(
                "path svc from user\n    exception\n    unmask I\n    step a\n    eret\n" + Handlers
            ).NeverTaken
        );
    }

    [Fact]
    public void M12ThePathsLastStepReturnsAndRestoresTheMasks()
    {
        // Own path: mask I is its last step, back at the place nothing is masked.
        Assert.Equal(1, Check("path p from task\n    mask I").States);
        // Nested: the NMI unmasks I for itself; svc has it set again afterwards, so an IRQ comes only inside the NMI.
        // user; svc at eret; NMI at unmask, at eret; IRQ at eret with the device pending; the first four once more with
        // it pending.
        var result = CheckFromUser(
            "path svc from user\n    exception\n    eret\npath nmi on nmi from kernel\n    exception\n    unmask I\n   "
                + " eret\n"
                + Irq
        );
        Assert.Equal(9, result.States);
    }

    [Fact]
    public void M12InTheMiddleOfAPathExceptionAndEretOnlyMaskAndSynchronise()
    {
        // task -> at unmask, masked -> at eret -> at step b, not masked -> task; at all but unmask the debug exception
        // comes on top.
        Assert.Equal(
            7,
            Check("path p from task\n    exception\n    unmask D A I F\n    eret\n    step b\n" + Debug).States
        );
    }

    [Fact]
    public void M13AtAPlaceOwnPathsAndTriggeredOnesAreTaken()
    {
        Assert.Equal(
            3,
            CheckFromUser(
                "path a from user\n    exception\n    eret\npath b on debug from user\n    exception\n    eret"
            ).States
        );
        Assert.Equal(
            3,
            Check("path a from task\n    step a\n    step b\npath b on debug from task\n    exception\n    eret").States
        );
        Assert.Equal(1, CheckFromUser(Nmi).States);
        Assert.Equal(2, Check(Nmi).States);
    }

    [Fact]
    public void M13OneFrameOfAClassAndTwoFromTheKernel()
    {
        // On debug: brk or nmi; on brk and nmi, which mask debug: the other. 1 + 3 + (2 + 1 + 1).
        Assert.Equal(8, Check(Debug + Brk + Nmi).States);
        // The same on top of p.
        Assert.Equal(16, Check("path p from task\n    step a\n    step b\n" + Debug + Brk + Nmi).States);
        Assert.Equal(11, Check(Debug + SError + Brk + Nmi).States); // 1 + 4 + (2 + 2 + 1 + 1)
    }

    [Fact]
    public void M13AFrameEnteredFromUserCountsForItsClass()
    {
        const string FromUser = "path from_user on nmi from user\n    exception\n    step a\n    eret\n";
        Assert.NotEmpty(CheckFromUser(FromUser + Nmi).NeverTaken);
        Assert.Empty(CheckFromUser(FromUser + Brk).NeverTaken);
    }

    [Fact]
    public void M13NothingNestsInAGuest()
    {
        // task, guest, b; the NMI over task and over b.
        Assert.Equal(5, Check("path p from task\n    step a\n    guest\n    step b\n" + Nmi).States);
    }

    [Fact]
    public void M14AnIrqArrivesAndStaysPendingUntilItIsDiscovered()
    {
        // task -> eret, pending -> task, pending -> eret, pending.
        Assert.Equal(3, Check(Irq).States);
        // task -> discover, pending -> assert, m device -> eret -> task, m device -> discover, m device, pending ->
        // assert.
        var result = Check(
            "private m : irq\npath irq on irq from kernel\n    exception\n    discover m\n    assert m = device for P "
                + "\"found\"\n    eret\n"
        );
        Assert.Null(result.Verdicts["P"]);
        Assert.Equal(6, result.States);
    }

    [Fact]
    public void M14DiscoverTakesAnyOneOfWhatIsPending()
    {
        const string Scheme = """
            message first
            message second
            private m : irq
            path p from task
                send first to self
                send second to self
                discover m
                assert m != WHAT for P "taken"
                discover m
                m := none
            """;
        Assert.Equal(4, Check(Scheme.Replace("WHAT", "first", StringComparison.Ordinal)).Verdicts["P"]);
        Assert.Equal(4, Check(Scheme.Replace("WHAT", "second", StringComparison.Ordinal)).Verdicts["P"]);
        Assert.Null(Check(Scheme.Replace("WHAT", "device", StringComparison.Ordinal)).Verdicts["P"]);
        Assert.Null(Check(Scheme.Replace("WHAT", "none", StringComparison.Ordinal)).Verdicts["P"]);
    }

    [Theory]
    [InlineData("wfi", false, 2)] // send, kick: at wfi, where only a free move goes on
    [InlineData("guest", false, 2)]
    [InlineData("linger \"why\"", false, 2)]
    [InlineData("wfi", true, null)]
    [InlineData("guest", true, null)]
    [InlineData("linger \"why\"", true, 2)]
    public void M15WfiAndGuestGoOnWithAnInterruptPending(string rest, bool isPending, int? length)
    {
        var result = Check(
            $"""
            message ipi
            private m : irq
            kick k
                {rest}
            path p from task
                {(isPending ? "send ipi to self" : "step a")}
                kick k
                discover m
            """
        );
        Assert.Equal(length, result.Verdicts["S8"]);
        Assert.Empty(result.NeverTaken);
    }
}
