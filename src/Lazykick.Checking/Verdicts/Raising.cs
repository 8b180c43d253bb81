using Lazykick.Checking.Exploration;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>
/// Checks a scheme with more and more accesses in flight, until more of them change nothing, a property breaks, or a
/// limit is reached.
/// </summary>
public static class Raising
{
    /// <summary>States of one space beyond which nobody who did not ask for limits should have to wait.</summary>
    public const long UsualStates = 1_000_000;

    /// <summary>The checks that follow a first one, with one more access in flight each.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="first">What the first check found.</param>
    /// <param name="options">How the first was made.</param>
    /// <param name="asked">The properties that count; none: what the scheme promises.</param>
    /// <param name="progress">Told of each result that is not the last word, before the next search begins.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Each result as it comes; the last one says why there are no more.</returns>
    public static IEnumerable<CheckResult> From(
        Scheme scheme,
        CheckResult first,
        CheckOptions options,
        IReadOnlyCollection<string> asked,
        Action<CheckResult>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(options);
        var limits = options.Limits with { MaxStates = Math.Min(options.Limits.MaxStates, UsualStates) };
        var last = first;
        for (var inFlight = first.InFlight + 1; inFlight <= CheckOptions.MaxInFlight; inFlight++)
        {
            if (!last.InFlightReached || last.End != SearchEnd.Exhausted || cancellation.IsCancellationRequested)
                yield break;
            if (last.AnswerOn(asked).Kind == AnswerKind.Broken)
                yield break;
            progress?.Invoke(last);
            var next = options with { InFlight = inFlight, Limits = limits };
            if (SchemeCheck.Run(scheme, next, new DiagnosticCollection(), cancellation) is not { } result)
                yield break;
            last = result;
            yield return result;
        }
    }
}
