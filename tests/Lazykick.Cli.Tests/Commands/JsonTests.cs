using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class JsonTests
{
    public static TheoryData<string, string> Documents { get; } =
        new()
        {
            { "check v2 --set patch4=off --json", "lazykick.check/2" },
            { "check v2 --max-states 500 --json", "lazykick.check/2" },
            { "check v1 --json", "lazykick.check/2" },
            { "schemes --all --json", "lazykick.schemes/2" },
            { "schemes show v2 --json", "lazykick.scheme/1" },
            { "claims 1 30 31 E1 --json", "lazykick.claims/2" },
            { "claims 1 30 --memory arm --in-flight 1 --json", "lazykick.claims/2" },
            { "litmus --json tests/Lazykick.Checking.Tests/Litmus/Tests/SB.RF+isb.litmus", "lazykick.litmus/2" },
            { "export v2 --litmus --memory sc --set patch4=off --against patch4=on --json", "lazykick.export/2" },
            { "repair v2 --memory sc --set patch4=off --parts 1 --json", "lazykick.repair/1" },
            { "report --json", "lazykick.report/2" },
            { "report --json --fail-on needless>1000000", "lazykick.report/2" },
        };

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_names_its_schema_and_the_page_describes_each_of_its_fields(string call, string schema)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal("", run.Messages);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(schema, document.RootElement.GetProperty("schema").GetString());
        Assert.Empty(JsonPage.Undescribed(document.RootElement, schema));
    }

    [Fact]
    public void The_document_of_a_check_holds_verdicts_and_the_moves_of_the_race()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--set", "patch4=off", "--json");
        Assert.Equal(1, run.Status);
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement.GetProperty("checks")[0];
        Assert.Equal("off", root.GetProperty("knobs").GetProperty("patch4").GetString());
        Assert.True(root.GetProperty("exhaustive").GetBoolean());
        var s1 = root.GetProperty("properties").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "S1");
        Assert.Equal("violated", s1.GetProperty("verdict").GetString());
        Assert.True(s1.GetProperty("promised").GetBoolean());
        var race = s1.GetProperty("race");

        // The fetch of the old instruction counts as the last move (M22).
        Assert.Equal(s1.GetProperty("length").GetInt32(), race.GetProperty("moves").GetArrayLength() + 1);
        Assert.Equal(1, race.GetProperty("oldText").GetProperty("cpu").GetInt32());
        Assert.Contains(
            race.GetProperty("moves").EnumerateArray(),
            m => m.TryGetProperty("note", out var note) && note.GetString() == "skips CPU1"
        );
    }

    [Fact]
    public void A_search_that_gave_up_says_so()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--max-states", "500", "--json");
        Assert.Equal(3, run.Status);
        using var document = JsonDocument.Parse(run.Output);
        var check = document.RootElement.GetProperty("checks")[0];
        Assert.False(check.GetProperty("exhaustive").GetBoolean());
        Assert.Equal("stateLimit", check.GetProperty("end").GetString());
        Assert.Contains(
            check.GetProperty("properties").EnumerateArray(),
            p => p.GetProperty("verdict").GetString() == "undecided"
        );
    }
}
