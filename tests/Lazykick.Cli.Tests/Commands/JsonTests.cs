using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class JsonTests
{
    public static TheoryData<string, string, string> Documents { get; } = new()
    {
        { "check v2 --set patch4=off --json", "lazykick.check/1", "docs/json.md" },
        { "check v2 --max-states 500 --json", "lazykick.check/1", "docs/json.md" },
        { "check v1 --json", "lazykick.check/1", "docs/json.md" },
        { "schemes --json", "lazykick.schemes/1", "docs/json.md" },
        { "schemes --all --json", "lazykick.schemes/1", "docs/json.md" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_names_its_schema_and_each_of_its_fields_is_described(string call, string schema, string page)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal("", run.Errors);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(schema, document.RootElement.GetProperty("schema").GetString());
        var description = File.ReadAllText(Repository.PathOf(page));
        Assert.Contains($"`{schema}`", description, StringComparison.Ordinal);
        foreach (var name in Names(document.RootElement, "").Distinct().Where(n => !n.StartsWith("knobs.", StringComparison.Ordinal) && !n.StartsWith("changes.", StringComparison.Ordinal)))
            Assert.Contains($"`{name.Split('.')[^1]}`", description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_of_a_check_holds_verdicts_and_the_moves_of_the_race()
    {
        var run = LazykickProcess.Run("check", "v2", "--set", "patch4=off", "--json");
        Assert.Equal(1, run.Status);
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal("off", root.GetProperty("knobs").GetProperty("patch4").GetString());
        Assert.True(root.GetProperty("exhaustive").GetBoolean());
        var s1 = root.GetProperty("properties").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "S1");
        Assert.Equal("violated", s1.GetProperty("verdict").GetString());
        Assert.True(s1.GetProperty("promised").GetBoolean());
        var race = s1.GetProperty("race");

        // The fetch of the old instruction counts as the last move (M22).
        Assert.Equal(s1.GetProperty("length").GetInt32(), race.GetProperty("moves").GetArrayLength() + 1);
        Assert.Equal(1, race.GetProperty("oldText").GetProperty("cpu").GetInt32());
        Assert.Contains(race.GetProperty("moves").EnumerateArray(), m => m.TryGetProperty("note", out var note) && note.GetString() == "skips CPU1");
    }

    [Fact]
    public void A_search_that_gave_up_says_so()
    {
        var run = LazykickProcess.Run("check", "v2", "--max-states", "500", "--json");
        Assert.Equal(3, run.Status);
        using var document = JsonDocument.Parse(run.Output);
        Assert.False(document.RootElement.GetProperty("exhaustive").GetBoolean());
        Assert.Equal("StateLimit", document.RootElement.GetProperty("end").GetString());
        Assert.Contains(document.RootElement.GetProperty("properties").EnumerateArray(), p => p.GetProperty("verdict").GetString() == "undecided");
    }

    // A field's name with that of the object it stands in, so that the names of knobs and variables can be told from fields.
    private static IEnumerable<string> Names(JsonElement element, string parent) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Names(p.Value, p.Name).Prepend($"{parent}.{p.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Names(e, parent)),
        _ => [],
    };
}
