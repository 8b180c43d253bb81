using System.Collections.Concurrent;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>Explores each scheme with each choice of knobs once, however many claims ask for it.</summary>
/// <param name="inFlight">Accesses in flight on a CPU, at most, under <c>tso</c> and <c>arm</c>.</param>
/// <param name="limits">Where a search gives up; null for the usual limits.</param>
public sealed class Explorations(int inFlight = CheckOptions.DefaultInFlight, SearchLimits? limits = null)
{
    private readonly ConcurrentDictionary<string, Lazy<Explored>> _results = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CheckResult> _done = new(StringComparer.Ordinal);

    /// <summary>Accesses in flight on a CPU, at most, under <c>tso</c> and <c>arm</c>.</summary>
    public int InFlight { get; } = inFlight;

    /// <summary>Number of spaces explored.</summary>
    public int Count => _done.Count;

    /// <summary>States in all of them.</summary>
    public long States => _done.Values.Sum(r => r.States);

    /// <summary>Every space was searched whole.</summary>
    public bool AreWhole => _done.Values.All(r => r.End == SearchEnd.Exhausted);

    /// <summary>What a run found, if it was explored to its end or to a limit; else null.</summary>
    public CheckResult? Known(ClaimRun run) => _done.GetValueOrDefault(Key(run));

    /// <summary>What a run finds.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isDrawn">Its races may be asked for. Without that they are not kept, as they need the whole
    /// space.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ClaimException">The scheme cannot be explored with these knobs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CheckResult Of(ClaimRun run, bool isDrawn, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var key = Key(run);
        var known = _results.GetOrAdd(key, _ => new(() => Explore(run, isDrawn, cancellation)));
        if (isDrawn && !known.Value.HasRaces)
        {
            known = _results.AddOrUpdate(
                key,
                known,
                (_, other) => other.Value.HasRaces ? other : new(() => Explore(run, true, cancellation))
            );
        }

        return known.Value.Check;
    }

    private Explored Explore(ClaimRun run, bool isDrawn, CancellationToken cancellation)
    {
        var diagnostics = new DiagnosticCollection();
        var options = new CheckOptions
        {
            Cpus = run.Cpus,
            Memory = run.Memory,
            InFlight = InFlight,
            Knobs = run.Knobs,
            Limits = limits ?? SearchLimits.Default,
        };
        var result =
            SchemeCheck.Run(run.Scheme, options, diagnostics, cancellation)
            ?? throw new ClaimException(string.Concat(diagnostics.Select(d => d.Render())));
        cancellation.ThrowIfCancellationRequested();
        var kept = isDrawn
            ? result
            : result with
            {
                Verdicts = [.. result.Verdicts.Select(static v => v with { Race = new(static () => null) })],
                ExecutionOf = static _ => null,
            };
        _done[Key(run)] = kept;
        return new(kept, isDrawn);
    }

    private static string Key(ClaimRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return $"{run.Describe()}|{run.Scheme.Files[^1].Path}";
    }

    private sealed record Explored(CheckResult Check, bool HasRaces);
}
