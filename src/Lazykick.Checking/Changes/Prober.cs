using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Changes;

/// <summary>Searches spaces of changed schemes: whole, up to the first violation, or along known steps only.</summary>
internal sealed class Prober(Scheme scheme, CheckOptions options, CancellationToken cancellation)
{
    private readonly Dictionary<string, int> _knobs = SchemeCheck.KnobValues(scheme, options.Knobs, new());

    /// <summary>The scheme that is changed.</summary>
    public Scheme Scheme => scheme;

    /// <summary>How it is checked.</summary>
    public CheckOptions Options => options;

    public CancellationToken Cancellation => cancellation;

    /// <summary>The scheme with changes, compiled; null if that is no scheme.</summary>
    /// <param name="parts">The changes.</param>
    /// <param name="memory">The memory model; null: that of the options.</param>
    public CompiledScheme? Compile(IEnumerable<Part> parts, MemoryModel? memory = null)
    {
        var edits = new SchemeEdits();
        // Where several are added at one place, a synchronisation comes after the barriers.
        foreach (var part in parts.OrderBy(p => p.Kind))
            part.Edit(edits);
        var diagnostics = new DiagnosticCollection();
        var model = memory ?? options.Memory;
        return edits.Apply(scheme, diagnostics) is { } changed
            ? SchemeCompiler.Compile(
                changed,
                _knobs,
                options.Cpus,
                model,
                model == MemoryModel.Sc ? 0 : options.InFlight,
                diagnostics
            )
            : null;
    }

    /// <summary>Searches; null if the space is none that can be searched: a value leaves its range.</summary>
    /// <param name="compiled">What <see cref="Compile"/> made.</param>
    /// <param name="stopAt">Properties at whose violation the search ends.</param>
    /// <param name="takes">The moves that are looked at; null: all.</param>
    public Probe? Search(CompiledScheme compiled, IEnumerable<string> stopAt, Func<Move, bool>? takes = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var stop = stopAt.Aggregate(0u, (bits, p) => bits | compiled.BitOf(p));
        try
        {
            var space = Verdicts.Search.Run(
                compiled,
                options.Limits,
                null,
                null,
                options.Reduction,
                new SearchFocus(stop, takes),
                CheckOptions.OneWorker,
                null,
                cancellation
            );
            cancellation.ThrowIfCancellationRequested();
            return new Probe(compiled, space);
        }
        catch (OutOfRangeException)
        {
            return null;
        }
    }
}
