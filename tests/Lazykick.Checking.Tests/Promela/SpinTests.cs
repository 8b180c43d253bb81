using System.Globalization;
using System.Text.RegularExpressions;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Promela;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Promela;

/// <summary>Debian's spin explores the exported model: the same states, the same moves, the same verdicts.</summary>
public sealed partial class SpinTests
{
    private const int ShortStates = 2_000;
    private const int LongStates = 1_000_000;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("LAZYKICK_LONG") is { Length: > 0 };

    /// <summary>Every scheme of the catalogue with its default knobs and 2 CPUs, and some with others.</summary>
    public static TheoryData<string, string> Schemes { get; } =
    [
        .. Catalogue
            .Instance.Names.Concat(Catalogue.Instance.Field)
            .Where(n => SchemeLoader.FromCatalogue(n) is { IsBase: false })
            .Select(n => (n, "")),
        ("v2", "patch4=off"),
        ("v2", "gic=v2"),
        ("v2", "svc=off idle=none"),
    ];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Pan_has_the_states_the_moves_and_the_verdicts_of_check(string name, string knobs)
    {
        Spin.Require();
        var options = new CheckOptions
        {
            Knobs = knobs
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(k => k.Split('='))
                .ToDictionary(k => k[0], k => k[1], StringComparer.Ordinal),
            Limits = SearchLimits.Default with { MaxStates = s_long ? LongStates : ShortStates },
        };
        Compare(SchemeLoader.FromCatalogue(name)!, options);
    }

    [Fact]
    public void Several_states_to_start_in_sets_and_negative_numbers_are_the_same_to_pan()
    {
        Spin.Require();
        const string Text = """
            scheme small "two places, sets, numbers that may be negative"
            shared turn : 0..3 = 0
            shared who : set = {}
            private mine : set = {}
            private n : 0..6 = 3
            place here
            place there
            role walker
                starts here, there
                takes go, back
            cpus walker walker
            path go from here
                mine := who
                who := mine + self
                n := n + 2
                turn := 1
                when turn = 1: n := n - 4
                assert n < 4 for A1 "n stays small"
                n := 3; mine := {}
            path back from there
                either: who := {}
                or: turn := 2
            """;
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("small.kick", Text), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        Compare(scheme, new CheckOptions());
    }

    [Fact]
    public void Locks_and_counters_that_wrap_round_are_the_same_to_pan()
    {
        Spin.Require();
        const string Text = """
            scheme small "a lock, and counters that wrap round"
            shared gen : 1..3 wraps = 3
            shared door : lock
            private mine : 1..3 wraps
            place here
            role counter
                starts here
                takes go
            cpus counter counter counter
            path go from here
                lock door irqsave
                rmw gen := gen + 1 full
                mine := gen
                mine := mine - 2
                unlock door
                assert mine < 3 for A1 "mine is not the last one"
                mine := 1
            """;
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("small.kick", Text), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        Compare(scheme, new CheckOptions { Cpus = 3 });
    }

    [Fact]
    public void Queues_kinds_of_messages_and_nested_paths_are_the_same_to_pan()
    {
        Spin.Require();
        const string Text = """
            scheme small "queues, an NMI within #DB within an interrupt, and a message that is off at first"
            nesting 3
            message call off when here
            message stop on nmi
            percpu calls : queue 2 of 3..5
            private n : 3..5
            private rest : queue 2 of 3..5
            private m : irq
            place here
            role caller
                starts here
                takes go, i, d, x
            role other
                starts here
                takes i
            cpus caller other
            path go from here
                for t in all: rmw calls[t] := calls[t] + 4 full when calls[t] = empty
                for t in all: send call to t
                send stop to self
                enable call
                disable device
                repeat: linger "once"
            path i on irq from kernel
                x86_exception
                unmask D
                discover m; m := none
                rmw rest := calls := empty full
                when rest != empty:
                    take n := rest
                    assert n = 3 for A1 "three"
                n := 3
                iret
            path d on debug from kernel
                x86_exception
                iret
            path x on nmi from kernel
                x86_exception
                discover m; m := none
                iret
            """;
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("small.kick", Text), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        Compare(
            scheme,
            new CheckOptions { Limits = SearchLimits.Default with { MaxStates = 200_000 } }
        );
    }

    [Fact]
    public void A_value_that_leaves_its_range_is_an_error_to_pan_as_it_is_to_check()
    {
        Spin.Require();
        const string Text = """
            scheme small "counts too far"
            private n : 0..2 = 0
            shared x : bit = 0
            place here
            role counter
                starts here
                takes go
            cpus counter counter
            path go from here
                x := 1
                n := n + 1
            """;
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("small.kick", Text), Catalogue.Instance, diagnostics)!;
        Assert.Null(SchemeCheck.Run(scheme, new CheckOptions(), diagnostics, TestContext.Current.CancellationToken));
        Assert.Equal("LK0502", diagnostics.Single().Code);
        var found = Pan(PromelaModel.Of(scheme, new CheckOptions(), new DiagnosticCollection())!, "", "");
        Assert.Contains("assertion violated", found, StringComparison.Ordinal);
    }

    private static void Compare(Scheme scheme, CheckOptions options)
    {
        var diagnostics = new DiagnosticCollection();
        options = options with { Exact = true };
        var check = SchemeCheck.Run(scheme, options, diagnostics, TestContext.Current.CancellationToken)!;
        Assert.SkipWhen(check.End != SearchEnd.Exhausted, "more states than this run explores (LAZYKICK_LONG=1)");
        var model = PromelaModel.Of(scheme, options, diagnostics)!;
        var whole = Pan(model, "", "");
        Assert.True(whole.Contains("errors: 0", StringComparison.Ordinal), whole);
        Assert.DoesNotContain("max search depth too small", whole, StringComparison.Ordinal);
        Assert.Equal(
            (check.States, check.Transitions),
            (Number(Stored(), whole) - model.More.States, Number(Transitions(), whole) - model.More.Transitions)
        );
        // Of what holds and of what does not one property is enough for a short run: each is a compilation of its own.
        var holds = model.Checked.FirstOrDefault(p => check[p].Verdict == Verdict.Holds);
        var violated = model.Checked.FirstOrDefault(p => check[p].Verdict == Verdict.Violated);
        foreach (var property in model.Checked.Where(p => s_long || p == holds || p == violated))
        {
            var verdict = check[property];
            var found = Pan(model, PromelaModel.MacroOf(property), "-DBFS");
            var isViolated = found.Contains("assertion violated", StringComparison.Ordinal);
            Assert.True(isViolated == (verdict.Verdict == Verdict.Violated), $"{property}: {verdict.Verdict}; {found}");
            // The choice of a start is several steps to a search breadth first.
            if (isViolated && model.More.States == 0)
                Assert.Equal(verdict.Length, Number(Depth(), found) + 1);
        }
    }

    private static string Pan(PromelaModel model, string macro, string option)
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-spin-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "model.pml"), model.Text);
            return Spin.Pan(directory.FullName, macro.Length == 0 ? "" : $"-D{macro}", option);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static long Number(Regex regex, string text)
    {
        var match = regex.Match(text);
        Assert.True(match.Success, text);
        return (long)double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<number>[0-9.e+]+) states, stored", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Stored();

    [GeneratedRegex(@"(?<number>[0-9.e+]+) transitions \(= stored\+matched\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Transitions();

    [GeneratedRegex(@"at depth (?<number>[0-9]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Depth();
}
