using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

/// <summary>What knobs and flags decide before the run counts as decided everywhere (rule M7).</summary>
public sealed class KnobDecidedTests
{
    private const string Before = """
        scheme decided "knobs decide"
        knob k = on
        knob kind : a | b | c = a
        place task
        percpu w : bit
        percpu v : bit
        private p : bit
        private mask : set
        state away = w = 1 and lazy
        state eqs = w = 1
        role one
            starts task
            takes p
        role two
            is lazy
            starts user
            takes q
        cpus one two
        path p from task
            kick sync
        kick sync
            for t in others: select t into mask by skips

        """;

    [Theory]
    [InlineData("w[t] = 1")]
    [InlineData("k and w[t] = 1 or not k and v[t] = 1")]
    [InlineData("kind = a and w[t] = 1 or kind = b and v[t] = 1 or kind = c")]
    [InlineData("lazy[t] and w[t] = 1 or not lazy[t] and v[t] = 1")]
    [InlineData("not (k and w[t] = 0) and (not k or w[t] = 1)", false)]
    [InlineData("k and w[t] = 1 or v[t] = 1", false)]
    [InlineData("kind = a and w[t] = 1 or kind != b and v[t] = 1", false)]
    [InlineData("lazy and w[t] = 1 or not lazy[t] and v[t] = 1", false)]
    [InlineData("away[t] or not lazy[t] and v[t] = 1")]
    [InlineData("away[t] or v[t] = 1", false)]
    public void A_policy_reads_once_whatever_the_knobs_are(string condition, bool isRight = true) =>
        Check(
            $"policy skips serves sync\n    skip t when {condition}\npath q from user\n    exception\n    eret\n",
            isRight,
            "LK0318"
        );

    [Theory]
    [InlineData("together: exception; w := 0 when k; isb")]
    [InlineData("together: exception; w := 0 when k; v := 1 when not k")]
    [InlineData("together: exception; w := 0 when lazy and kind != b")]
    [InlineData("together: exception; p := 1 when k; p := 0 when kind = c")]
    [InlineData("together: exception; w := 0 when k; v := 1 when kind = a", false)]
    [InlineData("together: exception; w := 0 when k; v := 1", false)]
    public void A_together_has_at_most_one_access_whatever_the_knobs_are(string step, bool isRight = true) =>
        Check(
            $"policy skips serves sync\n    skip t when off\npath q from user\n    {step}\n    eret\n",
            isRight,
            "LK0319"
        );

    [Theory]
    [InlineData("when k: exception\n    else: x86_exception")]
    [InlineData("when k:\n        together: exception; w := 0\n    else: exception")]
    [InlineData("when lazy: exception\n    else:\n        together: exception; v := 1 when k")]
    [InlineData("section rare: exception")]
    [InlineData("exception when k", false)]
    [InlineData("when p = 1: exception\n    else: exception", false)]
    [InlineData("when k: isb\n    else: exception", false)]
    public void Knobs_may_choose_how_a_path_is_entered(string first, bool isRight = true) =>
        Check(
            $"policy skips serves sync\n    skip t when off\npath q from user\n    {first}\n    eret\n",
            isRight,
            "LK0403"
        );

    [Fact]
    public void A_line_may_end_with_a_semicolon() =>
        Check(
            "policy skips serves sync\n    skip t when off\npath q from user\n    exception; isb;\n    eret;\n",
            true,
            ""
        );

    private static void Check(string after, bool isRight, string code)
    {
        var diagnostics = new DiagnosticCollection();
        SchemeLoader.Load(new SourceText("decided.kick", Before + after), Catalogue.Instance, diagnostics);
        var found = string.Concat(diagnostics.Select(d => d.Render()));
        if (isRight)
            Assert.Equal("", found);
        else
            Assert.Contains($"error {code}: ", found, StringComparison.Ordinal);
    }
}
