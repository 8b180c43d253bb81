using Lazykick.Checking.Cutoff;
using Lazykick.Checking.Exploration;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>How many CPUs the verdicts for a kicker and one target speak of.</summary>
/// <param name="Cutoff">Whether they hold for any number of targets.</param>
/// <param name="Wider">What 3 CPUs show, as far as they were explored; null where the cutoff applies.</param>
public sealed record Reach(CutoffAnswer Cutoff, CheckResult? Wider)
{
    /// <summary>States of 3 CPUs at which their search ends.</summary>
    public const int WiderStates = 1_000_000;

    /// <summary>
    /// Finds out; where the cutoff does not apply, it explores 3 CPUs up to <see cref="WiderStates"/>.
    /// </summary>
    /// <param name="narrow">What 2 CPUs show, the whole space.</param>
    /// <param name="options">How that was checked.</param>
    /// <param name="cancellation">Ends the search of 3 CPUs.</param>
    /// <returns>Null if <paramref name="narrow"/> is not the whole space of 2 CPUs.</returns>
    public static Reach? Of(CheckResult narrow, CheckOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(narrow);
        ArgumentNullException.ThrowIfNull(options);
        if (narrow.End != SearchEnd.Exhausted || narrow.FindCutoff() is not { } cutoff)
            return null;
        if (cutoff.Applies)
            return new Reach(cutoff, null);
        var limits = options.Limits with { MaxStates = Math.Min(WiderStates, options.Limits.MaxStates) };
        var wider = options with { Cpus = 3, Limits = limits };
        return new Reach(cutoff, SchemeCheck.Run(narrow.Scheme, wider, new DiagnosticCollection(), cancellation));
    }

    /// <summary>Properties that 3 CPUs violate and 2 do not.</summary>
    public IEnumerable<PropertyVerdict> Broken(CheckResult narrow)
    {
        ArgumentNullException.ThrowIfNull(narrow);
        return Wider is null
            ? []
            : Wider.Verdicts.Where(w =>
                w.Verdict == Verdict.Violated
                && narrow.Verdicts.Any(n => n.Property == w.Property && n.Verdict != Verdict.Violated)
            );
    }
}
