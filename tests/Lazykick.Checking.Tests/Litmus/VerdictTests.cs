using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Litmus;

public class VerdictTests
{
    public static TheoryData<string, string> Tests() => [.. LitmusFiles.All];

    [Theory]
    [MemberData(nameof(Tests))]
    public void The_machine_answers_as_the_source_does(string name, string verdict) =>
        Assert.Equal(verdict, LitmusFiles.Run(LitmusFiles.Text(name)).Kind);

    [Fact]
    public void Every_test_file_has_a_verdict_and_bears_its_own_name()
    {
        var files = Directory
            .EnumerateFiles(LitmusFiles.Folder, "*.litmus")
            .Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal);
        Assert.Equal(LitmusFiles.All.Select(t => t.Name).Order(StringComparer.Ordinal), files);
        Assert.All(LitmusFiles.All, t => Assert.Equal(t.Name, LitmusReader.Read(LitmusFiles.Text(t.Name)).Name));
    }

    [Fact]
    public void Every_ordering_rule_names_a_test_of_the_suite()
    {
        var names = LitmusFiles.All.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(OrderingRules.All.Skip(1), rule => Assert.Contains(rule.Test, names));
        Assert.Equal(OrderingRules.All.Count, OrderingRules.All.Select(r => r.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("SB")]
    [InlineData("MP")]
    [InlineData("LB")]
    [InlineData("IRIW")]
    [InlineData("2+2W")]
    [InlineData("R")]
    [InlineData("S")]
    [InlineData("SB-x86")]
    [InlineData("n6")]
    [InlineData("MP+dmb+rsw")]
    public void Sequential_consistency_forbids_what_the_weaker_models_allow(string name)
    {
        var text = LitmusFiles.Text(name);
        Assert.Equal("Allowed", LitmusFiles.Run(text).Kind);
        Assert.Equal("Forbidden", LitmusFiles.Run(text, MemoryModel.Sc).Kind);
    }

    [Theory]
    [InlineData("SB.RF+isb", "Forbidden")]
    [InlineData("MP", "Forbidden")]
    [InlineData("LB", "Forbidden")]
    [InlineData("SB", "Allowed")]
    [InlineData("SB+dmbs", "Forbidden")]
    [InlineData("IRIW", "Forbidden")]
    public void Arm_code_can_be_run_under_tso(string name, string verdict) =>
        Assert.Equal(verdict, LitmusFiles.Run(LitmusFiles.Text(name), MemoryModel.Tso).Kind);

    [Fact]
    public void Every_model_allows_no_more_than_the_weaker_one()
    {
        foreach (var (name, _) in LitmusFiles.All)
        {
            // Acquire and release are plain accesses under tso, which then allows STLR;LDAR to be reordered.
            var text = LitmusFiles.Text(name);
            if (text.StartsWith("X86", StringComparison.Ordinal) || text.Contains("STLR", StringComparison.Ordinal))
                continue;
            var sc = LitmusFiles.States(LitmusFiles.Run(text, MemoryModel.Sc));
            var tso = LitmusFiles.States(LitmusFiles.Run(text, MemoryModel.Tso));
            var arm = LitmusFiles.States(LitmusFiles.Run(text, MemoryModel.Arm));
            Assert.True(sc.ToHashSet().IsSubsetOf(tso), $"{name}: sc allows what tso does not");
            Assert.True(tso.ToHashSet().IsSubsetOf(arm), $"{name}: tso allows what arm does not");
        }
    }

    [Theory]
    [InlineData("SB")]
    [InlineData("MP+dmb+ctrl-rfi-addr")]
    [InlineData("IRIW+addr+po")]
    public void A_window_of_one_is_sequentially_consistent(string name)
    {
        var test = LitmusReader.Read(LitmusFiles.Text(name));
        var answer = LitmusRunner.Run(test, new() { Window = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(
            LitmusFiles.States(LitmusFiles.Run(LitmusFiles.Text(name), MemoryModel.Sc)),
            LitmusFiles.States(answer)
        );
    }
}
