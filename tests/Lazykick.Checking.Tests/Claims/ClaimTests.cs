using Lazykick.Checking.Claims;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Naive;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>The claims of the thread: what makes their outcomes computed and not written down.</summary>
public sealed class ClaimTests
{
    private static readonly IReadOnlyDictionary<int, Claim> s_claims = SharedClaims.ByNumber;

    public static TheoryData<string> All { get; } = [.. SharedClaims.All.Select(c => c.Id)];

    public static TheoryData<string> Explored { get; } =
    [.. SharedClaims.All.Where(c => c.Runs.Count > 0).Select(c => c.Id)];

    public static TheoryData<string, int> Flips { get; } =
    [.. SharedClaims.All.SelectMany(c => c.Flips.Select((_, i) => (c.Id, i)))];

    [Fact]
    public void Every_claim_of_the_thread_has_a_file() => Assert.Equal(Enumerable.Range(1, 49), s_claims.Keys.Order());

    [Fact]
    public void Every_further_result_that_was_asked_for_has_a_file() =>
        Assert.Equal(
            ["E1", "E2", "E3", "E4", "E5", "E6", "E14", "E15"],
            SharedClaims.All.Where(c => c.IsFurther).Select(c => c.Id)
        );

    [Theory]
    [MemberData(nameof(All))]
    public void The_verdicts_fit_a_clause_of_each_point(string id) =>
        Assert.All(
            SharedClaims.Decide(SharedClaims.ById[id]).Points,
            p => Assert.NotEqual(ClaimOutcome.Open, p.Outcome)
        );

    [Theory]
    [MemberData(nameof(All))]
    public void Every_formula_names_something_computed(string id)
    {
        foreach (var clause in SharedClaims.ById[id].Points.SelectMany(p => p.Clauses))
        {
            Assert.Contains(
                clause.When.All(),
                f =>
                    f
                        is VerdictFormula
                            or PositionFormula
                            or WindowsFormula
                            or ListsFormula
                            or NumbersFormula { Left: not ClaimNumber.Constant }
            );
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_decided_point_could_come_out_otherwise(string id) =>
        Assert.All(
            SharedClaims.ById[id].Points.Where(p => p.Waits is null),
            p => Assert.True(p.Clauses.Select(c => c.Outcome).Distinct().Count() > 1, p.Text)
        );

    [Theory]
    [MemberData(nameof(Flips))]
    public void Turning_the_knob_that_the_argument_rests_on_changes_the_outcome(string id, int flip)
    {
        var claim = SharedClaims.ById[id];
        Assert.NotEqual(Outcomes(claim), Outcomes(claim.With(claim.Flips[flip])));
    }

    [Theory]
    [MemberData(nameof(Explored))]
    public void Every_decided_point_rests_on_a_knob_that_the_claim_names(string id)
    {
        var claim = SharedClaims.ById[id];
        var before = Outcomes(claim);
        var flipped = claim.Flips.Select(f => Outcomes(claim.With(f))).ToList();
        for (var i = 0; i < claim.Points.Count; i++)
        {
            // What lists decide hangs on no knob.
            if (
                claim.Points[i].Waits is null
                && claim
                    .Points[i]
                    .Clauses.SelectMany(c => c.When.All())
                    .Any(f => f is not (ListsFormula or AllOf or AnyOf or Negation))
            )
            {
                Assert.True(
                    flipped.Exists(f => f[i] != before[i]),
                    $"claim {id}: no flip changes '{claim.Points[i].Text}'"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Explored))]
    public void Every_position_that_a_formula_names_exists_in_some_run_or_its_flip(string id)
    {
        var claim = SharedClaims.ById[id];
        var variants = claim.Flips.Select(claim.With).Prepend(claim).Select(SharedClaims.Decide).ToList();
        foreach (
            var formula in claim
                .Points.SelectMany(p => p.Clauses)
                .SelectMany(c => c.When.All())
                .OfType<PositionFormula>()
        )
        {
            Assert.True(
                variants.Exists(v => v[formula.Run].Positions.Any(formula.Pattern.Matches)),
                $"claim {id}, {formula.Span}: no position is meant by {formula.Pattern}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Explored))]
    public void The_explorations_of_a_claim_are_exhaustive_and_small(string id)
    {
        foreach (var run in SharedClaims.Decide(SharedClaims.ById[id]).Runs)
        {
            Assert.Equal(Checking.Exploration.SearchEnd.Exhausted, run.Check.End);
            Assert.InRange(run.Check.States, 100, 2_000_000);
        }
    }

    [Fact]
    public void The_naive_interpreter_finds_the_same_in_the_schemes_that_only_claims_use()
    {
        var isLong = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";
        var runs = SharedClaims
            .All.SelectMany(c => c.Flips.Select(c.With).Prepend(c))
            .SelectMany(c => c.Runs)
            .DistinctBy(r => r.Describe())
            .Where(r =>
                r.Memory == MemoryModel.Sc
                && (isLong || r.Scheme.Files[^1].Path.Contains("claims/", StringComparison.Ordinal))
            )
            .ToList();
        var compared = 0;
        foreach (var run in runs)
        {
            var differences = EngineComparison.Differences(run.Scheme, run.Knobs, run.Cpus, isLong ? 500_000 : 7_000);
            Assert.True(string.IsNullOrEmpty(differences), $"{run.Describe()}\n{differences}");
            compared += differences is null ? 0 : 1;
        }

        Assert.InRange(compared, 6, runs.Count);
    }

    [Fact]
    public void All_claims_together_are_a_matter_of_seconds()
    {
        // About a million states a second: a bound on states is one on time that no machine can break.
        var states = SharedClaims
            .All.SelectMany(c => c.Runs)
            .DistinctBy(r => r.Describe())
            .Sum(r => SharedClaims.Explorations.Of(r, false, TestContext.Current.CancellationToken).States);
        Assert.InRange(states, 1, 10_000_000);
    }

    [Fact]
    public void Runs_that_ask_for_the_same_are_explored_once()
    {
        var explorations = new Explorations();
        var results = new ClaimEvaluator(explorations).Decide(
            [s_claims[21], s_claims[30]],
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.Equal(2, explorations.Count);
        Assert.Same(results[0]["posted"], results[1]["posted"]);
    }

    [Fact]
    public void A_race_that_a_later_claim_draws_is_there_though_an_earlier_one_had_no_use_for_it()
    {
        var evaluator = new ClaimEvaluator(new Explorations());
        Assert.Null(evaluator.Decide(s_claims[18], TestContext.Current.CancellationToken)["early"]["S1"].Race.Value);
        Assert.NotNull(
            evaluator.Decide(s_claims[30], TestContext.Current.CancellationToken)["posted"]["S1"].Race.Value
        );
    }

    [Fact]
    public void A_cancelled_run_decides_what_was_explored_and_nothing_else()
    {
        var explorations = new Explorations();
        var cancellation = TestContext.Current.CancellationToken;
        var whole = new ClaimEvaluator(explorations).Decide([s_claims[12]], cancellation: cancellation).Single();
        var results = new ClaimEvaluator(explorations).Decide(
            [s_claims[12], s_claims[30]],
            cancellation: new CancellationToken(true)
        );
        Assert.Equal((whole.Outcome, false), (results[0].Outcome, results[0].IsCutShort));
        Assert.Equal((ClaimOutcome.NotExplored, true), (results[1].Outcome, results[1].IsCutShort));
        Assert.All(results[1].Points, p => Assert.Contains("interrupted before ", p.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_that_ended_at_a_limit_decides_nothing()
    {
        var explorations = new Explorations(limits: SearchLimits.Default with { MaxStates = 100 });
        var result = new ClaimEvaluator(explorations)
            .Decide([s_claims[30]], cancellation: TestContext.Current.CancellationToken)
            .Single();
        Assert.Equal((ClaimOutcome.NotExplored, true), (result.Outcome, result.IsCutShort));
        Assert.All(result.Points, p => Assert.Contains("ended at a limit", p.Reason, StringComparison.Ordinal));
    }

    private static List<ClaimOutcome> Outcomes(Claim claim) =>
        [.. SharedClaims.Decide(claim).Points.Select(p => p.Outcome)];
}
