using System.Collections.Concurrent;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Claims;

/// <summary>Explores what claims ask for and decides them by their formulas.</summary>
/// <param name="explorations">Shared by the claims.</param>
public sealed class ClaimEvaluator(Explorations explorations)
{
    /// <summary>Decides claims, exploring on all cores.</summary>
    /// <param name="claims">Which.</param>
    /// <param name="explored">Called after each exploration with their number so far and in all.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>
    /// A result for each, in their order. A claim with a run that was cancelled, or that ended at a limit, is not
    /// decided.
    /// </returns>
    /// <exception cref="ClaimException">A scheme cannot be explored.</exception>
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
        catch (Exception e) when (IsCancelled(e, cancellation))
        {
            // What was explored by then decides what it can.
        }

        return [.. claims.Select(c => OfKnown(c))];
    }

    private static bool IsCancelled(Exception e, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested
        && (
            e is OperationCanceledException
            || (e is AggregateException all && all.InnerExceptions.All(i => i is OperationCanceledException))
        );

    /// <summary>Decides one claim.</summary>
    /// <param name="claim">Which.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ClaimException">A scheme cannot be explored.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ClaimResult Decide(Claim claim, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        foreach (var run in claim.Runs)
            explorations.Of(run, claim.IsDrawn(run), cancellation);
        return OfKnown(claim);
    }

    private ClaimResult OfKnown(Claim claim)
    {
        var runs = claim
            .Runs.Select(r => (Run: r, Check: explorations.Known(r)))
            .Where(r => r.Check is not null)
            .Select(r => new ClaimRunResult(r.Run, r.Check!))
            .ToList();
        if (WhyUndecided(claim, runs) is { } why)
        {
            var waiting = claim.Points.Select(p => new ClaimPointResult(p, ClaimOutcome.NotExplored, p.Waits ?? why));
            return new ClaimResult(claim, ClaimOutcome.NotExplored, [.. waiting], runs) { IsCutShort = true };
        }

        var values = new FormulaValues(
            runs.ToDictionary(r => r.Run.Name, r => r.Check, StringComparer.Ordinal),
            claim.Lists.ToDictionary(l => l.Name, StringComparer.Ordinal)
        );
        var points = claim.Points.Select(p => Decide(p, values)).ToList();
        return new ClaimResult(claim, Together(points), points, runs);
    }

    /// <summary>A space that was not searched whole decides nothing: what it does not show may be there.</summary>
    private static string? WhyUndecided(Claim claim, List<ClaimRunResult> runs)
    {
        var missing = claim.Runs.Where(r => !runs.Exists(f => f.Run.Name == r.Name)).Select(r => r.Name).ToList();
        var partial = runs.Where(r => r.Check.End != SearchEnd.Exhausted).Select(r => r.Run.Name).ToList();
        return missing.Count > 0 ? $"interrupted before {string.Join(", ", missing)}"
            : partial.Count > 0 ? $"the search ended at a limit in {string.Join(", ", partial)}"
            : null;
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
