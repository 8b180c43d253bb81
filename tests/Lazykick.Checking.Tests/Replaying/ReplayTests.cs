using Lazykick.Checking.Memory;
using Lazykick.Checking.Replaying;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Replaying;

/// <summary>A race that was saved is made again move by move, and nothing else is.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string, MemoryModel> Schemes { get; } =
        new()
        {
            { "v1", MemoryModel.Sc },
            { "v1", MemoryModel.Arm },
            { "v2", MemoryModel.Arm },
            { "x86-work", MemoryModel.Tso },
            { "slab", MemoryModel.Sc },
            { "kernel-tlb", MemoryModel.Sc },
            { "before", MemoryModel.Sc },
            { "field/wfi-lost", MemoryModel.Sc },
            { "field/membarrier-x86", MemoryModel.Tso },
        };

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Every_race_of_a_check_is_made_again(string name, MemoryModel memory)
    {
        var options = new CheckOptions { Memory = memory };
        var result = Check(name, options);
        var races = result.Verdicts.Where(v => v.Verdict == Verdict.Violated).ToList();
        Assert.NotEmpty(races);
        foreach (var verdict in races)
        {
            var race = verdict.Race.Value!;
            var replay = Make(result, options, verdict.Property, race.Starts, Moves(race), out var refusal);
            Assert.Null(refusal);
            Assert.Equal(race.Moves.Select(m => m.Step), replay!.Race.Moves.Select(m => m.Step));
            Assert.Equal((race.OldText, race.Eqs.Count), (replay.Race.OldText, replay.Race.Eqs.Count));
            Assert.Equal(verdict.Property != "S8", replay.IsShown);
            // What is printed of each move is what the race says that it changed; the rest stands in the CPUs' lines.
            for (var i = 0; i < replay.Length; i++)
            {
                Assert.All(replay.Changes(i), c => Assert.Contains(race.Moves[i].Changes, m => m.Name == c.Name));
                // A race tells what memory says; under tso and arm the CPU itself may see its own store already.
                if (memory == MemoryModel.Sc)
                    Assert.Equal(race.Eqs[i + 1], replay.After(i + 1).Cpus.Select(c => c.InEqs));
            }
        }
    }

    [Fact]
    public void An_access_in_flight_is_shown_from_its_issue_to_the_end_of_its_last_part()
    {
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        var result = Check("v2", options);
        var race = result["S1"].Race.Value!;
        var replay = Make(result, options, "S1", race.Starts, Moves(race), out _)!;
        var issue = race.Moves.ToList().FindIndex(m => m.Step == "rmw watching := 1 full");
        Assert.Empty(replay.After(issue).Cpus[1].InFlight);
        // It never takes effect in this race.
        for (var i = issue + 1; i <= replay.Length; i++)
        {
            var access = Assert.Single(replay.After(i).Cpus[1].InFlight);
            Assert.Equal(
                ("rmw watching := 1 full", Progress.Waiting, "1"),
                (access.Step, access.Progress, access.Writes)
            );
        }
    }

    [Theory]
    [InlineData("a move left out")]
    [InlineData("two moves exchanged")]
    [InlineData("another CPU")]
    [InlineData("another change")]
    [InlineData("the last move left out")]
    [InlineData("another start")]
    [InlineData("another property")]
    public void What_was_changed_is_no_execution(string how)
    {
        var options = new CheckOptions { Knobs = new Dictionary<string, string> { ["patch4"] = "off" } };
        var result = Check("v2", options);
        var race = result["S1"].Race.Value!;
        var moves = Moves(race);
        var starts = race.Starts;
        var property = "S1";
        switch (how)
        {
            case "a move left out":
                moves.RemoveAt(4);
                break;
            case "two moves exchanged":
                (moves[^1], moves[^2]) = (moves[^2], moves[^1]);
                break;
            case "another CPU":
                moves[2] = moves[2] with { Cpu = 7 };
                break;
            case "another change":
                moves[3] = moves[3] with { Changes = new Dictionary<string, int[]> { ["watching[1]"] = [0, 1] } };
                break;
            case "the last move left out":
                moves.RemoveAt(moves.Count - 1);
                break;
            case "another start":
                starts = ["user", "user"];
                break;
            default:
                property = "S5a";
                break;
        }

        Assert.Null(Make(result, options, property, starts, moves, out var refusal));
        Assert.NotNull(refusal);
    }

    private static Replay? Make(
        CheckResult result,
        CheckOptions options,
        string property,
        IReadOnlyList<string> starts,
        IReadOnlyList<SavedMove> moves,
        out string? refusal
    ) =>
        Replay.Of(
            result.Scheme,
            options,
            property,
            starts,
            moves,
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken,
            out refusal
        );

    private static List<SavedMove> Moves(Race race) =>
        [
            .. race.Moves.Select(m => new SavedMove(
                m.Cpu,
                m.Path,
                m.Step,
                m.Phase,
                m.Enters,
                m.Note,
                m.Changes.ToDictionary(c => c.Name, c => (int[])[c.Before, c.After])
            )),
        ];

    private static CheckResult Check(string name, CheckOptions options)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        return SchemeCheck.Run(scheme, options, new DiagnosticCollection(), TestContext.Current.CancellationToken)!;
    }
}
