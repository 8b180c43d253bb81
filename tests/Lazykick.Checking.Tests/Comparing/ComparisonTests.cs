using Lazykick.Checking.Comparing;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Comparing;

/// <summary>What <c>diff</c> says is what the two checks say, and its executions are what it says they are.</summary>
public sealed class ComparisonTests
{
    private static readonly CancellationToken s_never = CancellationToken.None;

    public static TheoryData<string, MemoryModel> Schemes { get; } =
        new()
        {
            { "v1", MemoryModel.Sc },
            { "v2", MemoryModel.Arm },
            { "x86-work", MemoryModel.Tso },
            { "slab", MemoryModel.Sc },
            { "rm-host-action", MemoryModel.Sc },
            { "before", MemoryModel.Sc },
            { "v3-soft", MemoryModel.Sc },
            { "site", MemoryModel.Sc },
        };

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_scheme_is_the_same_as_itself_and_follows_each_of_its_own_races_to_the_end(
        string name,
        MemoryModel memory
    )
    {
        var options = new CheckOptions { Memory = memory };
        var (first, second) = (Check(name, options), Check(name, options));
        var comparison = new Comparison(first, second, []);
        Assert.True(comparison.IsWhole);
        Assert.False(comparison.HasDifference);
        Assert.All(
            comparison.Positions,
            p => Assert.Equal($"{p.First!.Step} {p.First.Span}", $"{p.Second!.Step} {p.Second.Span}")
        );
        Assert.Null(comparison.FindTelling(options, options, s_never));
        foreach (var verdict in first.Verdicts.Where(v => v.Verdict == Verdict.Violated))
        {
            var telling = new TellingExecution(comparison, true, verdict.Property, verdict, null);
            var following = telling.FollowInOther(s_never);
            Assert.Equal(
                (true, verdict.Race.Value!.Moves.Count),
                (following.IsWhole, following.Moves)
            );
        }
    }

    [Fact]
    public void A_mended_scheme_cannot_follow_the_race_of_the_broken_one()
    {
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        var mended = With(options, "dsb", "on");
        var comparison = new Comparison(Check("v2", options), Check("v2", mended), []);
        Assert.Equal(["S1"], comparison.Different.Select(p => p.Property));
        var telling = comparison.FindTelling(options, mended, s_never)!;
        Assert.Equal(("S1", true), (telling.Property, telling.IsOfFirst));
        var following = telling.FollowInOther(s_never);
        Assert.False(following.IsWhole);
        Assert.False(following.GaveUp);
        // The isb of the race comes while the atomic is in flight: that is what the dsb forbids.
        Assert.Equal("isb", telling.Verdict.Race.Value!.Moves[following.Moves].Step);
        Assert.Contains(following.Stands, s => s.Step == "dsb");
    }

    [Fact]
    public void The_other_way_round_it_says_the_same_of_the_other_side()
    {
        var options = new CheckOptions { Memory = MemoryModel.Sc };
        var broken = With(options, "patch4", "off");
        var (one, other) = (Check("v2", options), Check("v2", broken));
        var forth = new Comparison(one, other, []);
        var back = new Comparison(other, one, []);
        Assert.NotEmpty(forth.Different);
        Assert.Equal(forth.Different.Select(p => p.Property), back.Different.Select(p => p.Property));
        Assert.Equal(forth.Positions.Count(p => p.IsOldInSecond), back.Positions.Count(p => p.IsOldInFirst));
        Assert.Equal(forth.Positions.Count(p => p.IsOldInFirst), back.Positions.Count(p => p.IsOldInSecond));
        Assert.Equal(forth.Positions.Count(p => p.Second is null), back.Positions.Count(p => p.First is null));
        Assert.False(forth.FindTelling(options, broken, s_never)!.IsOfFirst);
        Assert.True(back.FindTelling(broken, options, s_never)!.IsOfFirst);
    }

    [Fact]
    public void Where_only_windows_differ_the_execution_ends_with_old_text_in_one_that_is_new_in_the_other()
    {
        // An isb on one way into the kernel: S1 is violated on another.
        var options = With(new CheckOptions { Memory = MemoryModel.Sc }, "patch4", "off");
        var more = Load("scheme v2 \"v2\"\ninclude v2\nin context_tracking_user_exit after @left\n    isb\n");
        var comparison = new Comparison(Check("v2", options), Check(more, options), []);
        Assert.Empty(comparison.Different);
        var windows = comparison.DifferentWindows.ToList();
        Assert.NotEmpty(windows);
        var telling = comparison.FindTelling(options, options, s_never)!;
        var old = telling.Verdict.Race.Value!.OldText!;
        Assert.Contains(
            windows,
            p =>
                (telling.IsOfFirst ? p.IsOldInFirst : p.IsOldInSecond)
                && (p.Any.Path, p.Any.Step, p.Any.Span) == (old.Path, old.Step, old.Span)
        );
    }

    [Fact]
    public void Text_that_moves_to_other_lines_is_no_difference()
    {
        var options = new CheckOptions { Memory = MemoryModel.Sc };
        const string Text = "scheme mine \"v2 again\"\ninclude v2\n";
        var mine = Load(Text + "in el1_irq before @kernel_entry\n    run probe\n");
        var moved = Load("# one line more\n" + Text + "in el1_irq before @kernel_entry\n\n    run probe\n");
        var comparison = new Comparison(Check(mine, options), Check(moved, options), []);
        Assert.False(comparison.HasDifference);
        Assert.All(comparison.Positions, p => Assert.True(p.First is not null && p.Second is not null));
    }

    [Fact]
    public void A_step_that_is_added_stands_alone_and_changes_nothing_else()
    {
        var options = new CheckOptions { Memory = MemoryModel.Sc };
        var more = Load("scheme v2 \"v2\"\ninclude v2\nin el1_irq before @kernel_entry\n    run probe\n");
        var comparison = new Comparison(Check("v2", options), Check(more, options), []);
        Assert.Empty(comparison.Different);
        Assert.DoesNotContain(comparison.Positions, p => p.Second is null);
        Assert.Equal(["run probe"], comparison.Positions.Where(p => p.First is null).Select(p => p.Any.Step));
        // Its text may be old, as the text around it: that is no other window of the steps that both have.
        Assert.Contains(comparison.Positions, p => p.First is null && p.Second!.MayRunStale);
        Assert.False(comparison.HasDifference);
    }

    private static CheckOptions With(CheckOptions options, string knob, string value) =>
        options with
        {
            Knobs = new Dictionary<string, string>(options.Knobs, StringComparer.Ordinal) { [knob] = value },
        };

    private static CheckResult Check(string name, CheckOptions options) =>
        Check(
            SchemeLoader.Load(Catalogue.Instance.Find(name)!, Catalogue.Instance, new DiagnosticCollection())!,
            options
        );

    private static CheckResult Check(Scheme scheme, CheckOptions options)
    {
        var diagnostics = new DiagnosticCollection();
        var result = SchemeCheck.Run(scheme, options, diagnostics, TestContext.Current.CancellationToken);
        return result ?? throw new InvalidOperationException(string.Concat(diagnostics.Select(d => d.Render())));
    }

    private static Scheme Load(string text)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("mine.kick", text), Catalogue.Instance, diagnostics);
        return scheme ?? throw new InvalidOperationException(string.Concat(diagnostics.Select(d => d.Render())));
    }
}
