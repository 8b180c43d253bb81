using System.Text.RegularExpressions;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Expectations;

/// <summary>
/// What docs/design/lazysync.md says of each piece: without it the property is violated, with everything in place it
/// holds.
/// </summary>
public sealed partial class LazysyncDocumentTests
{
    public static TheoryData<string, string> Pieces { get; } = Read();

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Without_a_piece_its_property_is_violated(string property, string command) =>
        Assert.Equal(Verdict.Violated, Check(command)[property].Verdict);

    [Theory]
    [InlineData("S1", "check lazysync")]
    [InlineData("S3", "check lazysync --set caller=data --set start=idle")]
    [InlineData("S4", "check lazysync --set caller=messages --set eis=off --set eos=off --set gic=v2")]
    public void With_every_piece_it_keeps_what_it_promises(string ofCaller, string command)
    {
        var verdicts = Check(command).Verdicts.Where(v => v.IsPromised).ToList();
        Assert.All(verdicts, v => Assert.NotEqual(Verdict.Violated, v.Verdict));
        // What the other callers are promised has nothing to be seen on here, and says so.
        string[] always = ["S8", ofCaller];
        Assert.All(verdicts.Where(v => always.Contains(v.Property)), v => Assert.Equal(Verdict.Holds, v.Verdict));
        Assert.All(verdicts.Where(v => v.Verdict == Verdict.NotChecked), v => Assert.NotEmpty(v.Reason!));
        Assert.Contains(verdicts, v => v.Property == ofCaller);
    }

    private static CheckResult Check(string command)
    {
        var words = command.Split(' ');
        var knobs = words
            .Where((_, i) => i > 0 && words[i - 1] == "--set")
            .Select(w => w.Split('='))
            .ToDictionary(w => w[0], w => w[1]);
        var scheme = SchemeLoader.FromCatalogue(words[1])!;
        var diagnostics = new DiagnosticCollection();
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Memory = SchemeCheck.DefaultMemory(scheme), Knobs = knobs },
            diagnostics,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(diagnostics);
        return result!;
    }

    private static TheoryData<string, string> Read()
    {
        var text = File.ReadAllText(Path.Combine(GeneratedList.Root(), "docs/design/lazysync.md"));
        var rows = Row().Matches(text).Select(m => (m.Groups["property"].Value, m.Groups["command"].Value)).ToList();
        Assert.True(rows.Count >= 8, "docs/design/lazysync.md has lost its table");
        return [.. rows.Select(r => new TheoryDataRow<string, string>(r.Item1, r.Item2))];
    }

    [GeneratedRegex(
        @"^\|[^|]+\| (?<property>S[0-9](\.windows)?)[: ][^|]*\| `(?<command>check [^`]+)` \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Row();
}
