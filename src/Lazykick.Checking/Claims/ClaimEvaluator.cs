using System.Collections.Concurrent;

namespace Lazykick.Checking.Claims;

/// <summary>Explores what claims ask for and decides them by their formulas.</summary>
/// <param name="explorations">Shared by the claims.</param>
public sealed class ClaimEvaluator(Explorations explorations)
{
    /// <summary>Decides claims, exploring on all cores.</summary>
    /// <param name="claims">Which.</param>
    /// <param name="explored">Called after each exploration with their number so far and in all.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>A result for each, in their order.</returns>
    /// <exception cref="ClaimException">A scheme cannot be explored.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ClaimResult> Decide(
        IReadOnlyList<Claim> claims,
        Action<int, int>? explored = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(claims);
        var runs = claims
            .SelectMany(c => c.Runs.Select(r => (Run: r, IsDrawn: c.IsDrawn(r))))
            .GroupBy(r => r.Run.Describe(), (_, same) => (same.First().Run, IsDrawn: same.Any(r => r.IsDrawn)))
            .ToList();
        var options = new ParallelOptions
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
        };
        try
        {
            var done = 0;
            // One at a time to each core: spaces differ a thousandfold in size.
            Parallel.ForEach(
                Partitioner.Create(runs, EnumerablePartitionerOptions.NoBuffering),
                options,
                run =>
                {
                    explorations.Of(run.Run, run.IsDrawn, cancellation);
                    explored?.Invoke(Interlocked.Increment(ref done), runs.Count);
                }
            );
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(i => i is ClaimException) is { } cause)
        {
            throw new ClaimException(cause.Message, cause);
        }

        return [.. claims.Select(c => Decide(c, cancellation))];
    }

    /// <summary>Decides one claim.</summary>
    /// <param name="claim">Which.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ClaimException">A scheme cannot be explored.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ClaimResult Decide(Claim claim, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var runs = claim
            .Runs.Select(r => new ClaimRunResult(r, explorations.Of(r, claim.IsDrawn(r), cancellation)))
            .ToList();
        var values = new FormulaValues(
            runs.ToDictionary(r => r.Run.Name, r => r.Check, StringComparer.Ordinal),
            claim.Lists.ToDictionary(l => l.Name, StringComparer.Ordinal)
        );
        var points = claim.Points.Select(p => Decide(p, values)).ToList();
        return new ClaimResult(claim, Together(points), points, runs);
    }

    private static ClaimPointResult Decide(ClaimPoint point, FormulaValues values)
    {
        if (point.Waits is not null)
            return new ClaimPointResult(point, ClaimOutcome.NotExplored, point.Waits);
        var clause = point.Clauses.FirstOrDefault(c => values.Holds(c.When));
        return new ClaimPointResult(point, clause?.Outcome ?? ClaimOutcome.Open, clause?.Assumption);
    }

    /// <summary>
    /// Points that wait do not count as long as another is decided; points beyond the claim never do.
    /// </summary>
    private static ClaimOutcome Together(List<ClaimPointResult> points)
    {
        var outcomes = points
            .Where(p => !p.Point.IsBeyond)
            .Select(p => p.Outcome)
            .Where(o => o != ClaimOutcome.NotExplored)
            .Distinct()
            .ToList();
        return outcomes.Count switch
        {
            0 => ClaimOutcome.NotExplored,
            1 => outcomes[0],
            _ => ClaimOutcome.Partly,
        };
    }
}
