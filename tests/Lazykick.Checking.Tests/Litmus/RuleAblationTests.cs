using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>A rule that can be left out without any verdict changing would be a rule that nobody tests.</summary>
public class RuleAblationTests
{
    // Rules that say what a step is, or what it does not wait for: there is nothing to leave out.
    private static readonly string[] _constructive = ["A16", "A20", "A21"];

    public static TheoryData<string> Rules() =>
        [.. OrderingRules.All.Skip(1).Select(r => r.Id).Except(_constructive, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Without_a_rule_the_verdict_of_its_test_changes(string id)
    {
        var rule = OrderingRules.All.Single(r => r.Id == id);
        var number = OrderingRules.All.Select((r, i) => (r, i)).Single(x => x.r.Id == id).i;
        MemoryModel? model = id[0] switch
        {
            'S' => MemoryModel.Sc,
            'T' => MemoryModel.Tso,
            _ => null,
        };
        var text = LitmusFiles.Text(rule.Test);
        var with = LitmusFiles.Run(text, model).Kind;
        Assert.NotEqual(with, LitmusFiles.Run(text, model, number).Kind);
    }
}
