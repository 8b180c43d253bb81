using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;
using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M5, M13, M14 and M29: kinds of messages, how deep they nest, and what switches them off.</summary>
public class InterruptRuleTests
{
    /// <summary>A message of a kind is sent to oneself with masks set; does it come in?</summary>
    [Theory]
    [InlineData("irq", "I", false)]
    [InlineData("irq", "F", true)]
    [InlineData("fiq", "F", false)]
    [InlineData("fiq", "I", true)]
    [InlineData("nmi", "D A I F", true)]
    public void M14AMessageArrivesOnPathsOfItsKind(string kind, string masked, bool comes)
    {
        var text = $"""
            private m : irq
            ghost came : bit
            message work on {kind}
            path p from task
                mask {masked}
                send work to self
                step here
                repeat: linger "once"
            path arrival on {kind} from kernel
                exception
                discover m
                assert not m = work for P "it came in"
                m := none
                eret
            """;
        Assert.Equal(comes, Both(text).Verdicts["P"] is not null);
    }

    [Theory]
    [InlineData("nmi", "nmi", true)]
    [InlineData("nmi", "irq", false)]
    [InlineData("irq", "nmi", false)]
    [InlineData("irq", "irq", true)]
    [InlineData("fiq", "fiq", true)]
    [InlineData("fiq", "irq", false)]
    public void M14DiscoverTakesMessagesOfThePathsKindOnly(string kind, string path, bool found)
    {
        var text = $"""
            private m : irq
            message work on {kind}
            path p from task
                send work to self
                repeat: linger "once"
            path arrival on {path} from kernel
                exception
                discover m
                assert not m = work for P "it was found"
                m := none
                eret
            """;
        Assert.Equal(found, Both(text).Verdicts["P"] is not null);
    }

    [Theory]
    [InlineData(1, "two", false)]
    [InlineData(2, "two", true)]
    [InlineData(2, "three", false)]
    [InlineData(3, "three", true)]
    public void M13PathsFromKernelNestAsDeepAsTheSchemeSays(int nesting, string asked, bool found)
    {
        var text = $"""
            nesting {nesting}
            private m : irq
            private depth : 0..3
            path p from task
                step here
            path i on irq from kernel
                exception
                discover m
                m := none
                depth := depth + 1
                assert depth < {(asked == "two" ? 2 : 3)} for P "so deep"
                unmask D
                depth := depth - 1
                eret
            path d on debug from kernel
                exception
                depth := depth + 1
                assert depth < {(asked == "two" ? 2 : 3)} for P "so deep"
                depth := depth - 1
                eret
            path n on nmi from kernel
                exception
                depth := depth + 1
                assert depth < {(asked == "two" ? 2 : 3)} for P "so deep"
                depth := depth - 1
                eret
            """;
        Assert.Equal(found, Both(text).Verdicts["P"] is not null);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("nesting 3", false)]
    public void M13WhatCannotNestIsAnAssumption(string nesting, bool isSaid)
    {
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            {nesting}
            place task
            role one
                starts task
                takes i, d, n
            cpus one one
            path i on irq from kernel
                exception
                eret
            path d on debug from kernel
                exception
                eret
            path n on nmi from kernel
                exception
                eret
            """
        );
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Cpus = 2, Memory = Lazykick.Checking.Memory.MemoryModel.Sc },
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        )!;
        Assert.Equal(isSaid, result.Assumptions.Any(a => a.Contains("there are 3 kinds", StringComparison.Ordinal)));
    }

    private const string Arrival = """
        path arrival on irq from kernel
            exception
            discover m
            assert not m = work for P "it came in"
            m := none
            eret
        """;

    [Theory]
    [InlineData("disable work", false)]
    [InlineData("enable work", true)]
    [InlineData("disable device", true)]
    [InlineData("disable other", true)]
    public void M29WhatIsSwitchedOffStaysPendingAndBringsNobodyIn(string step, bool comes)
    {
        var text = $"""
            private m : irq
            message work
            message other
            path p from task
                {step}
                send work to self
                step here
                repeat: linger "once"
            {Arrival}
            """;
        Assert.Equal(comes, Both(text).Verdicts["P"] is not null);
    }

    [Theory]
    [InlineData("disable device", false)]
    [InlineData("disable work", true)]
    public void M29ADeviceThatIsSwitchedOffDoesNotInterrupt(string step, bool comes)
    {
        var text = $"""
            private m : irq
            private inside : bit
            message work
            path p from task
                {step}
                inside := 1
                inside := 0
                enable device
            path arrival on irq from kernel
                exception
                assert inside = 0 for P "it came in"
                discover m
                m := none
                eret
            """;
        Assert.Equal(comes, Both(text).Verdicts["P"] is not null);
    }

    [Theory]
    [InlineData("off when task", false)]
    [InlineData("off when user", true)]
    [InlineData("", true)]
    public void M29AMessageCanBeOffAtTheStart(string off, bool comes)
    {
        var text = $"""
            private m : irq
            message work {off}
            path p from task
                send work to self
                repeat: linger "once"
            {Arrival}
            """;
        Assert.Equal(comes, Both(text).Verdicts["P"] is not null);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" on nmi", false)] // pending, and no path of its kind takes it
    [InlineData(" off when task", false)]
    public void S8CountsOnlyOnMessagesThatCanArrive(string kind, bool holds)
    {
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            place task
            message work{kind}
            private m : irq
            percpu done : bit
            role kicker
                starts task
                takes p
            role target
                starts task
                takes arrival
            cpus kicker target
            path p from task
                kick k
                repeat: linger "once"
            kick k
                for t in others: send work to t
                for t in others: wait done[t] = 1
            path arrival on irq from kernel
                exception
                discover m
                done := 1 when m = work
                m := none
                eret
            """
        );
        Assert.Empty(EngineComparison.Differences(scheme, new Dictionary<string, string>(), 2, 100_000)!);
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Cpus = 2 },
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        )!;
        Assert.Equal(
            holds ? Verdict.Holds : Verdict.Violated,
            result.Verdicts.Single(v => v.Property == "S8").Verdict
        );
    }

    [Theory]
    [InlineData("place task", true)]
    [InlineData("place task runs rare", false)]
    public void M18APlaceSaysWhichTextRunsThere(string place, bool isOld)
    {
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            {place}
            place writer
            text site : usual | rare
            state eqs = off
            role one
                starts writer
                takes p
            role two
                starts task
            cpus one two
            path p from writer
                write site as usual
                dc site
                ic site
                isb
                kick k returns site
            kick k
                step nobody
            """
        );
        Assert.Empty(EngineComparison.Differences(scheme, new Dictionary<string, string>(), 2, 100_000)!);
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Cpus = 2 },
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        )!;
        Assert.Equal(
            isOld ? Verdict.Violated : Verdict.Holds,
            result.Verdicts.Single(v => v.Property == "S1").Verdict
        );
    }
}
