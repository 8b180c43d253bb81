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

    /// <summary>Accesses in flight on a CPU, at most, under <c>tso</c> and <c>arm</c>.</summary>
    public int InFlight { get; } = inFlight;

    /// <summary>Number of spaces explored.</summary>
    public int Count => _results.Count;

    /// <summary>States in all of them.</summary>
    public long States => _results.Values.Sum(r => r.Value.Check.States);

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
        var key = $"{run.Describe()}|{run.Scheme.Files[^1].Path}";
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
        return new(
            isDrawn
                ? result
                : result with
                {
                    Verdicts = [.. result.Verdicts.Select(v => v with { Race = new(() => null) })],
                },
            isDrawn
        );
    }

    private sealed record Explored(CheckResult Check, bool HasRaces);
}
