using System.Text;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>
/// Every claim once more where no run names its memory: under Arm's. The usual run explores with short windows, which
/// costs a quarter; LAZYKICK_LONG=1 explores with those of <c>lazykick claims --memory arm</c>.
/// </summary>
public sealed class ClaimMemoryTests
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";
    private static readonly Lazy<IReadOnlyList<(ClaimResult Sc, ClaimResult Arm)>> s_results = new(Decide);

    [Fact]
    public void The_document_lists_every_claim_that_comes_out_otherwise_under_Arms_memory_model() =>
        GeneratedList.Check(
            "thread/claims.md",
            "written by ClaimMemoryTests",
            string.Concat(s_results.Value.Where(r => r.Arm.DiffersFrom(r.Sc)).Select(r => Entry(r.Sc, r.Arm)))
        );

    [Fact]
    public void The_verdicts_under_arm_fit_a_clause_of_each_point() =>
        Assert.All(s_results.Value.SelectMany(r => r.Arm.Points), p => Assert.NotEqual(ClaimOutcome.Open, p.Outcome));

    [Fact]
    public void Every_space_is_explored_to_its_end() =>
        Assert.All(
            s_results.Value.SelectMany(r => r.Arm.Runs),
            r => Assert.Equal(Checking.Exploration.SearchEnd.Exhausted, r.Check.End)
        );

    [Fact]
    public void What_differs_under_arm_is_the_store_of_the_count_and_nothing_else()
    {
        // With a dsb behind it in every run that names no memory, the claims come out as they do under sc; SErrors and
        // SDEI events apart, which may come between the two.
        var explorations = new Explorations(s_isLong ? CheckOptions.DefaultInFlight : 1);
        var claims = s_results.Value.Where(r => r.Arm.DiffersFrom(r.Sc)).Select(r => Settled(r.Sc.Claim)).ToList();
        Assert.NotEmpty(claims);
        var arm = new ClaimEvaluator(explorations).Decide(
            [.. claims.Select(c => c.Under(MemoryModel.Arm))],
            cancellation: TestContext.Current.CancellationToken
        );
        var sc = new ClaimEvaluator(explorations).Decide(claims, cancellation: TestContext.Current.CancellationToken);
        foreach (var (under, strong) in arm.Zip(sc))
        {
            Assert.False(
                under.DiffersFrom(strong),
                $"claim {under.Claim.Id} differs from sc with a dsb behind the count, too:\n{Entry(strong, under)}"
            );
        }
    }

    private static Claim Settled(Claim claim) =>
        claim with
        {
            Runs =
            [
                .. claim.Runs.Select(r =>
                    r.IsMemoryNamed
                        ? r
                        : r.With("dsb", "on").With("catch_up_dsb", "on").With("serror", "off").With("sdei", "off")
                ),
            ],
        };

    private static List<(ClaimResult Sc, ClaimResult Arm)> Decide()
    {
        var claims = SharedClaims.All;
        var window = s_isLong || GeneratedList.IsUpdate ? CheckOptions.DefaultInFlight : 2;
        var arm = new ClaimEvaluator(new Explorations(window)).Decide(
            [.. claims.Select(c => c.Under(MemoryModel.Arm))],
            cancellation: TestContext.Current.CancellationToken
        );
        return [.. claims.Select(SharedClaims.Decide).Zip(arm)];
    }

    private static string Entry(ClaimResult sc, ClaimResult arm)
    {
        var text = new StringBuilder();
        var outcome = ClaimText.Outcome(arm.Outcome);
        var compared =
            arm.Outcome == sc.Outcome
                ? $"{outcome} as under sc, but"
                : $"**{outcome}**, under sc {ClaimText.Outcome(sc.Outcome)}";
        text.Append($"**{arm.Claim.Id}. {arm.Claim.Title}**: {compared}\n\n");
        foreach (var (point, before) in arm.Points.Zip(sc.Points).Where(p => p.First.DiffersFrom(p.Second)))
        {
            text.Append(
                $"- {ClaimText.Name(point)}**{ClaimText.Sentence(point)}**; sc: {ClaimText.Sentence(before)}\n"
            );
        }

        foreach (var (run, before) in arm.Runs.Zip(sc.Runs))
        {
            var verdicts = run
                .Check.Verdicts.Zip(before.Check.Verdicts)
                .Where(v => v.First.Verdict != v.Second.Verdict)
                .Select(v => $"{v.First.Property} {v.First.Verdict.ToString().ToLowerInvariant()}")
                .ToList();
            if (verdicts.Count > 0)
                text.Append($"- `{run.Run.Describe()}`: {string.Join(", ", verdicts)}\n");
        }

        return text.Append('\n').ToString();
    }
}
