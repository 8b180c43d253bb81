using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>Claim files: what is read, and what a mistake looks like.</summary>
public sealed class ClaimParserTests
{
    private const string Head =
        "claim 60 \"a claim\"\nwho \"somebody\"\nmail 1, 2\nrun lazy = v2 with patch4 = off idle = none\n";

    [Fact]
    public void A_claim_file_is_read()
    {
        var claim = Parse(
            Head
                + "list found \"a list, today\"\n    \"one\"\n    \"two\"\npoint \"it fails\"\n    confirmed when\n    "
                    + "    lazy.S1 violated\n        lazy.window of target in el0_svc in sys_call \"body\"\n    "
                    + "depends on \"luck\" when lazy.S1.length <= 12 or not lazy.eqs every in el0_irq\n    refuted "
                    + "when lazy.S1 holds and found.count = 2\nbeyond \"more\"\n    waits \"for more\"\nflip lazy "
                    + "patch4 = on\nflip every idle = wfi\ndraws lazy.S1\n"
        );
        Assert.Equal((60, "a claim", "somebody"), (claim.Number, claim.Title, claim.Who));
        Assert.Equal("v2 idle=none patch4=off", Assert.Single(claim.Runs).Describe());
        Assert.Equal(2, claim.Lists[0].Items.Count);
        Assert.Equal(
            [ClaimOutcome.Confirmed, ClaimOutcome.Depends, ClaimOutcome.Refuted],
            claim.Points[0].Clauses.Select(c => c.Outcome)
        );
        Assert.Equal("luck", claim.Points[0].Clauses[1].Assumption);
        var where = Assert.Single(claim.Points[0].Clauses[0].When.All().OfType<PositionFormula>());
        Assert.Equal(("target", "body", false), (where.Pattern.Role, where.Pattern.Step, where.Every));
        Assert.Equal(["el0_svc", "sys_call"], where.Pattern.Blocks);
        Assert.True(claim.Points[1].IsBeyond);
        Assert.Equal("for more", claim.Points[1].Waits);
        Assert.Equal("v2 idle=none", claim.With(claim.Flips[0]).Runs[0].Describe());
        Assert.Equal("v2 patch4=off", claim.With(claim.Flips[1]).Runs[0].Describe());
    }

    [Fact]
    public void A_run_says_how_many_CPUs_and_which_memory()
    {
        var runs = Parse(
            "claim 1 \"c\"\nwho \"w\"\nmail 1\nrun a = v2-peers cpus 3 memory arm\nrun b = v3-exact with idle = none "
                + "memory tso\nconfirmed when a.S1 holds\n"
        ).Runs;
        Assert.Equal(
            ["v2-peers --cpus 3 --memory arm", "v3-exact idle=none --memory tso"],
            runs.Select(r => r.Describe())
        );
    }

    [Fact]
    public void A_run_that_names_no_memory_takes_the_readers_choice_and_an_x86_scheme_never_Arms()
    {
        var claim = Parse(
            "claim 1 \"c\"\nwho \"w\"\nmail 1\nrun a = v2\nrun b = v2 memory sc\nrun c = v2 memory tso\nrun d = "
                + "x86-work\nconfirmed when a.S1 holds\n"
        );
        Assert.Equal(
            ["v2 --memory arm", "v2", "v2 --memory tso", "x86-work --memory tso"],
            claim.Under(MemoryModel.Arm).Runs.Select(r => r.Describe())
        );
        Assert.Equal(
            ["v2", "v2", "v2 --memory tso", "x86-work"],
            claim.Under(MemoryModel.Sc).Runs.Select(r => r.Describe())
        );
    }

    [Fact]
    public void A_knob_that_is_set_to_its_default_makes_no_other_run() =>
        Assert.Equal(
            "v2",
            Parse("claim 1 \"c\"\nwho \"w\"\nmail 1\nrun a = v2 with patch1 = on\nconfirmed when a.S1 holds\n")
                .Runs[0]
                .Describe()
        );

    [Theory]
    [InlineData(
        "who \"somebody\"\n",
        """
            c.claim:1:1: error LK0602: the file does not say what claim it is
                who "somebody"
                ^
                begin with: claim NUMBER "the claim in one line"

            """
    )]
    [InlineData(
        "claim 60 \"c\"\nmail 1\nconfirmed when 1 = 1\n",
        """
            c.claim:1:1: error LK0603: the file does not say who claims this
                claim 60 "c"
                ^^^^^
                add: who "name"

            """
    )]
    [InlineData(
        "claim 60 \"c\"\nwho \"w\"\nmail 1\n",
        """
            c.claim:1:1: error LK0604: nothing decides the claim
                claim 60 "c"
                ^^^^^
                add: confirmed when FORMULA, or: waits "for what"

            """
    )]
    [InlineData(
        Head + "confirmd when lazy.S1 holds\n",
        """
            c.claim:5:1: error LK0606: 'confirmd' does not begin a line of a claim
                confirmd when lazy.S1 holds
                ^^^^^^^^
                did you mean 'confirmed'?
            c.claim:1:1: error LK0604: nothing decides the claim
            """
    )]
    [InlineData(
        Head + "confirmed when lasy.S1 holds\n",
        """
            c.claim:5:16: error LK0618: there is no run 'lasy' above
                confirmed when lasy.S1 holds
                               ^^^^^^^
                did you mean 'lazy'?

            """
    )]
    [InlineData(
        Head + "confirmed when lazy.S0 holds\n",
        """
            c.claim:5:16: error LK0620: scheme 'v2' has no property 'S0'
                confirmed when lazy.S0 holds
                               ^^^^^^^
                did you mean 'S1'?

            """
    )]
    [InlineData(
        Head + "confirmed when lazy.S3 holds\n",
        """
            c.claim:5:16: error LK0620: scheme 'v2' does not state S3
            """
    )]
    [InlineData(
        Head + "confirmed when lazy.S1 is fine\n",
        """
            c.claim:5:24: error LK0600: expected 'violated' or 'holds', but 'is' stands here
                confirmed when lazy.S1 is fine
                                       ^^

            """
    )]
    [InlineData(
        Head + "confirmed when lazy.window in el0_scv\n",
        """
            c.claim:5:31: error LK0621: scheme 'v2' has no path, routine, kick or place 'el0_scv'
                confirmed when lazy.window in el0_scv
                                              ^^^^^^^
                did you mean 'el0_svc'?

            """
    )]
    [InlineData(
        Head + "confirmed when lazy.window of kiker\n",
        """
            c.claim:5:31: error LK0614: scheme 'v2' has no role 'kiker'
                confirmed when lazy.window of kiker
                                              ^^^^^
                did you mean 'kicker'?

            """
    )]
    [InlineData(
        Head + "confirmed when lazy.states = lazy.S1\n",
        """
            c.claim:5:30: error LK0615: 'lazy.S1' is not a number
                confirmed when lazy.states = lazy.S1
                                             ^^^^^^^
                a number, RUN.states, RUN.PROPERTY.length or LIST.count

            """
    )]
    [InlineData(
        Head + "confirmed when lazy holds\n",
        """
            c.claim:5:16: error LK0616: 'lazy' does not say what of the run
                confirmed when lazy holds
                               ^^^^
                write, for example, posted.S1 violated, posted.window in el0_svc, posted.states = 100

            """
    )]
    [InlineData(
        Head + "run b = v22\nconfirmed when b.S1 holds\n",
        """
            c.claim:5:9: error LK0611: there is no scheme 'v22'
                run b = v22
                        ^^^
                did you mean 'v2'?

            """
    )]
    [InlineData(
        Head + "run b = arm64-rcu\nconfirmed when b.S1 holds\n",
        """
            c.claim:5:9: error LK0612: 'arm64-rcu' only serves to be included
            """
    )]
    [InlineData(
        Head + "run b = v2 with patch9 = on\nconfirmed when b.S1 holds\n",
        """
            c.claim:5:17: error LK0609: scheme 'v2' has no knob 'patch9'
                run b = v2 with patch9 = on
                                ^^^^^^
                did you mean 'patch1'?

            """
    )]
    [InlineData(
        Head + "run b = v2 with gic = v4\nconfirmed when b.S1 holds\n",
        """
            c.claim:5:23: error LK0610: 'v4' is not a value of knob 'gic'
                run b = v2 with gic = v4
                                      ^^
                its values: v2, v3

            """
    )]
    [InlineData(
        Head + "run lazy = v2\nconfirmed when lazy.S1 holds\n",
        """
            c.claim:5:5: error LK0617: the name 'lazy' is taken
                run lazy = v2
                    ^^^^
                each run and list has a name of its own

            """
    )]
    [InlineData(
        Head + "run b = v2 cpus 99\nconfirmed when b.S1 holds\n",
        """
            c.claim:5:17: error LK0608: 99 CPUs cannot be explored
                run b = v2 cpus 99
                                ^^
                2 to 8

            """
    )]
    [InlineData(
        Head + "run b = v2 memory weak\nconfirmed when b.S1 holds\n",
        """
            c.claim:5:19: error LK0623: 'weak' is no memory model
                run b = v2 memory weak
                                  ^^^^
                sc, tso or arm

            """
    )]
    [InlineData(
        Head + "mail 16\nconfirmed when lazy.S1 holds\n",
        """
            c.claim:5:6: error LK0607: the thread has no mail 16
                mail 16
                     ^^
                docs/thread/mails.md numbers them from 1 to 15
            """
    )]
    public void A_mistake_is_shown_with_its_line_and_how_to_mend_it(string text, string expected)
    {
        var diagnostics = new DiagnosticCollection();
        Assert.Null(ClaimParser.Parse(new SourceText("c.claim", text), Catalogue.Instance, diagnostics));
        var rendered = diagnostics.Select(d => d.Render()).ToList();
        foreach (var start in expected.Split("c.claim:").Where(s => s.Length > 0))
        {
            Assert.True(
                rendered.Exists(r => r.StartsWith("c.claim:" + start.TrimEnd(), StringComparison.Ordinal)),
                $"not c.claim:{start}but\n{string.Concat(rendered)}"
            );
        }
    }

    [Fact]
    public void All_mistakes_of_a_file_are_reported_at_once()
    {
        var diagnostics = new DiagnosticCollection();
        ClaimParser.Parse(
            new SourceText(
                "c.claim",
                Head
                    + "run b = v22 with x = 1\nconfirmed when b.S1 holds or lasy.S1 holds\nflip lazy patch4 = "
                        + "maybe\nwhat is this\n"
            ),
            Catalogue.Instance,
            diagnostics
        );
        Assert.Equal(["LK0611", "LK0618", "LK0610", "LK0606"], diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Cut_and_mangled_files_give_errors_and_nothing_else()
    {
        var text = Catalogue.Instance.Read("claims/44-three-windows.claim")!.Text;
        const int seed = 20180405;
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            var mangled = text.ToCharArray();
            for (var k = 0; k < 1 + i % 6; k++)
                mangled[random.Next(mangled.Length)] = "\n\"().= aA0#@\t"[random.Next(13)];
            var cut = new string(mangled)[..random.Next(text.Length)];
            var diagnostics = new DiagnosticCollection();
            var claim = ClaimParser.Parse(new SourceText("c.claim", cut), Catalogue.Instance, diagnostics);
            Assert.True(claim is null == diagnostics.Count > 0, $"seed {seed}, round {i}:\n{cut}");
        }
    }

    private static Claim Parse(string text)
    {
        var diagnostics = new DiagnosticCollection();
        var claim = ClaimParser.Parse(new SourceText("c.claim", text), Catalogue.Instance, diagnostics);
        Assert.True(claim is not null, string.Concat(diagnostics.Select(d => d.Render())));
        return claim;
    }
}
