using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Export;

/// <summary>Makes a litmus test of the core of a scheme's failing race.</summary>
public static class LitmusExport
{
    /// <summary>Checks the scheme, picks the race, cuts it down and proves the cut on our own litmus machine.</summary>
    /// <param name="scheme">The scheme; not a base.</param>
    /// <param name="options">Property, knobs and limits.</param>
    /// <param name="diagnostics">Gets mistakes in knobs, and those that only show with them.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <returns>The tests or a refusal; null if something was reported.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExportResult? Run(
        Scheme scheme,
        ExportOptions options,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(diagnostics);
        try
        {
            return Export(scheme, options, diagnostics, cancellation);
        }
        catch (ExportRefusedException e)
        {
            return Refused(false, e.Message, e.Hint);
        }
        catch (LitmusLimitException e)
        {
            return Refused(
                true,
                $"the test is too large to be judged: {e.Message}",
                "export the race of another property, or of a smaller scheme"
            );
        }
        catch (SearchUndecidedException e)
        {
            return Refused(true, e.Message, "allow more with --max-states, --max-memory or --timeout");
        }
    }

    private static ExportResult Refused(bool gaveUp, string message, string hint) =>
        new() { Refusal = new ExportRefusal(gaveUp, message, hint) };

    private static ExportResult? Export(
        Scheme scheme,
        ExportOptions options,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation
    )
    {
        RaceChoice.Require(scheme, options.Property);
        if (Check(options.Check) is not { } check)
            return null;
        var verdict = RaceChoice.Of(check, options.Property);
        CheckResult? mended = null;
        if (options.Against is { } against)
        {
            var knobs = new Dictionary<string, string>(options.Check.Knobs, StringComparer.Ordinal);
            foreach (var (name, value) in against)
                knobs[name] = value;
            mended = Check(options.Check with { Knobs = knobs });
            if (mended is null)
                return null;
        }

        var ordered = check.Memory == MemoryModel.Sc ? null : Check(options.Check with { Memory = MemoryModel.Sc });
        var tests = new RaceExport(check, mended, ordered, verdict, options.Check.Limits, cancellation).Run();
        return new ExportResult
        {
            Check = check,
            Property = verdict.Property,
            Tests = tests,
        };

        CheckResult? Check(CheckOptions how)
        {
            var found = SchemeCheck.Run(scheme, how, diagnostics, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return found;
        }
    }
}

/// <summary>The search gave up before it could say whether there is a race.</summary>
internal sealed class SearchUndecidedException(string message) : Exception(message);
