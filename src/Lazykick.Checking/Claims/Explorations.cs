using System.Collections.Concurrent;

using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>Explores each scheme with each choice of knobs once, however many claims ask for it.</summary>
public sealed class Explorations
{
    private readonly ConcurrentDictionary<string, Lazy<CheckResult>> _results = new(StringComparer.Ordinal);

    /// <summary>Number of spaces explored.</summary>
    public int Count => _results.Count;

    /// <summary>States in all of them.</summary>
    public long States => _results.Values.Sum(r => r.Value.States);

    /// <summary>What a run finds.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ClaimException">The scheme cannot be explored with these knobs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CheckResult Of(ClaimRun run, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _results.GetOrAdd($"{run.Describe()}|{run.Scheme.Files[^1].Path}", _ => new Lazy<CheckResult>(() => Explore(run, cancellation))).Value;
    }

    private static CheckResult Explore(ClaimRun run, CancellationToken cancellation)
    {
        var diagnostics = new DiagnosticCollection();
        var result = SchemeCheck.Run(run.Scheme, new CheckOptions { Cpus = run.Cpus, Memory = run.Memory, Knobs = run.Knobs }, diagnostics, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return result ?? throw new ClaimException(string.Concat(diagnostics.Select(d => d.Render())));
    }
}
