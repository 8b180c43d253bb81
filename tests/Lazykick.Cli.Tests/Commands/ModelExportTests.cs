using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary><c>export --promela</c> and <c>export --dot</c>.</summary>
public sealed class ModelExportTests
{
    [Fact]
    public void A_graph_has_a_node_for_each_state_and_an_edge_for_each_move()
    {
        var run = LazykickProcess.Run("export field/wfi-lost --dot --memory sc --json".Split(' '));
        Assert.Equal((0, ""), (run.Status, run.Messages));
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Empty(JsonPage.Undescribed(root, "lazykick.model/1"));
        var check = LazykickProcess.Run("check field/wfi-lost --memory sc --cpus 2 --exact --json".Split(' '));
        using var checkedScheme = JsonDocument.Parse(check.Output);
        var space = checkedScheme.RootElement.GetProperty("checks")[0];
        Assert.Equal(space.GetProperty("states").GetInt64(), root.GetProperty("states").GetInt64());
        Assert.Equal(space.GetProperty("moves").GetInt64(), root.GetProperty("moves").GetInt64());
        var lines = root.GetProperty("text").GetString()!.Split('\n');
        Assert.Equal(
            root.GetProperty("moves").GetInt32(),
            lines.Count(l => l.Contains(" -> s", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("field/wfi-lost --memory sc")]
    [InlineData("kernel-tlb --memory tso --max-states 50000")]
    [InlineData("v1 --memory sc --set svc=off --set idle=none --max-states 50000")]
    public void Graphviz_reads_as_many_nodes_and_edges(string call)
    {
        Assert.SkipWhen(
            LazykickProcess.Shell("command -v gc > /dev/null").Status != 0,
            "graphviz is missing (eng/install-oracles)"
        );
        var run = LazykickProcess.Shell(
            $"set -o pipefail; lazykick export {call} --dot | gc -n -e; lazykick export {call} --dot --json"
        );
        Assert.Equal((0, ""), (run.Status, run.Messages));
        var counts = run.Output[..run.Output.IndexOf('{')].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var document = JsonDocument.Parse(run.Output[run.Output.IndexOf('{')..]);
        Assert.Equal($"{document.RootElement.GetProperty("states")}", counts[0]);
        Assert.Equal($"{document.RootElement.GetProperty("moves")}", counts[1]);
    }

    [Fact]
    public void A_space_that_is_too_large_is_no_graph()
    {
        var run = LazykickProcess.Run("export", "v2", "--dot", "--memory", "sc");
        Assert.Equal((3, ""), (run.Status, run.Output));
        Assert.Contains("no graph: it has more than 500 states", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_for_sc_whatever_the_scheme_is_for_and_its_document_is_described()
    {
        var run = LazykickProcess.Run("export", "v2", "--promela", "--json");
        Assert.Equal((0, ""), (run.Status, run.Messages));
        using var document = JsonDocument.Parse(run.Output);
        Assert.Empty(JsonPage.Undescribed(document.RootElement, "lazykick.model/1"));
        Assert.Equal("sc", document.RootElement.GetProperty("memory").GetString());
        Assert.DoesNotContain("S8", document.RootElement.GetProperty("checks").ToString(), StringComparison.Ordinal);
        Assert.Contains("Not here: S8", document.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export v2", "name the form: --litmus, --promela or --dot")]
    [InlineData("export v2 --promela --dot", "one form at a time: leave out --dot")]
    [InlineData("export v2 --promela --memory arm", "--promela is for --memory sc: Spin has no other memory")]
    [InlineData("export v2 --dot --property S1", "--dot is about the whole scheme, and --property about a race")]
    [InlineData("export v2 --promela --against dsb=on", "--promela is about the whole scheme, and --against about a "
        + "race")]
    [InlineData("export v2 --promela --set dbs=on", "scheme 'v2' has no knob 'dbs'")]
    [InlineData("export vv2 --promela", "there is no scheme 'vv2'")]
    [InlineData("export v2 --promela -o no/such/v2.pml", "no/such/v2.pml: ")]
    public void A_mistake_ends_with_2_and_says_what_is_wrong(string call, string message)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }
}
