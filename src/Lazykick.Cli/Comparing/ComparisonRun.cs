using Lazykick.Checking.Comparing;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Comparing;

/// <summary>One call of <c>lazykick diff</c>.</summary>
internal sealed class ComparisonRun(ComparisonSettings settings, CancellationToken cancellation)
{
    /// <summary>Compares, and returns the exit status.</summary>
    /// <param name="first">A scheme.</param>
    /// <param name="second">Another one; null: the same.</param>
    public int Run(string first, string? second)
    {
        var one = SchemeArgument.LoadWhole(first, Console.Error);
        var other = second is null ? one : SchemeArgument.LoadWhole(second, Console.Error);
        if (one is null || other is null || !HaveKnobs(one, other) || !HaveProperties(one, other))
            return ExitStatus.WrongInput;
        var (ofOne, ofOther) = (OptionsOf(one, []), OptionsOf(other, settings.Against) with { Progress = null });
        var (oneDiagnostics, otherDiagnostics) = (new DiagnosticCollection(), new DiagnosticCollection());
        var (oneResult, otherResult) = Check((one, ofOne, oneDiagnostics), (other, ofOther, otherDiagnostics));
        if (oneResult is null || otherResult is null)
        {
            SchemeArgument.Report(oneDiagnostics.Count > 0 ? oneDiagnostics : otherDiagnostics, Console.Error);
            return ExitStatus.WrongInput;
        }

        while (settings.IsRaised && MayChange(oneResult, otherResult))
        {
            var inFlight = Math.Max(oneResult.InFlight, otherResult.InFlight) + 1;
            var (nextOne, nextOther) = (Raise(ofOne, inFlight), Raise(ofOther, inFlight));
            var (raisedOne, raisedOther) = Check((one, nextOne, new()), (other, nextOther, new()));
            if (raisedOne?.End != SearchEnd.Exhausted || raisedOther?.End != SearchEnd.Exhausted)
                break;
            (oneResult, otherResult, ofOne, ofOther) = (raisedOne, raisedOther, nextOne, nextOther);
        }

        var comparison = new Comparison(oneResult, otherResult, settings.Properties);
        var telling = comparison.FindTelling(ofOne, ofOther, cancellation);
        var answer = new ComparisonAnswer(comparison, telling, Follow(telling));
        if (settings.Json)
            JsonOutput.Print(ComparisonJson.Of(answer), JsonOutput.Documents.DiffDocument);
        else
            new ComparisonText(Terminal.Standard).Write(answer, settings.AllMoves);
        return answer.Status;
    }

    private (CheckResult? One, CheckResult? Other) Check(
        (Scheme Scheme, CheckOptions Options, DiagnosticCollection Diagnostics) one,
        (Scheme Scheme, CheckOptions Options, DiagnosticCollection Diagnostics) other
    )
    {
        CheckResult? oneResult = null;
        CheckResult? otherResult = null;
        Parallel.Invoke(
            () => oneResult = SchemeCheck.Run(one.Scheme, one.Options, one.Diagnostics, cancellation),
            () => otherResult = SchemeCheck.Run(other.Scheme, other.Options, other.Diagnostics, cancellation)
        );
        SearchProgressLine.Clear();
        return (oneResult, otherResult);
    }

    /// <summary>As <c>check</c> does: one was in want of accesses in flight, and more may break what holds.</summary>
    private bool MayChange(CheckResult one, CheckResult other) =>
        (one.InFlightReached || other.InFlightReached)
        && one.End == SearchEnd.Exhausted
        && other.End == SearchEnd.Exhausted
        && Math.Max(one.InFlight, other.InFlight) < CheckOptions.MaxInFlight
        && !(IsBroken(one) && IsBroken(other))
        && !cancellation.IsCancellationRequested;

    private bool IsBroken(CheckResult result) => result.AnswerOn(settings.Properties).Kind == AnswerKind.Broken;

    private static CheckOptions Raise(CheckOptions options, int inFlight) =>
        options with
        {
            InFlight = inFlight,
            Limits = options.Limits with { MaxStates = Math.Min(options.Limits.MaxStates, Raising.UsualStates) },
        };

    private Following? Follow(TellingExecution? telling)
    {
        try
        {
            return telling?.FollowInOther(cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Two searches share the machine: each gets half of the memory.</summary>
    private CheckOptions OptionsOf(Scheme scheme, IEnumerable<KeyValuePair<string, string>> more)
    {
        var options = settings.Options(scheme);
        var knobs = options
            .Knobs.Where(k => scheme.Knobs.ContainsKey(k.Key))
            .ToDictionary(k => k.Key, k => k.Value, StringComparer.Ordinal);
        foreach (var (knob, value) in more)
            knobs[knob] = value;
        return options with
        {
            Knobs = knobs,
            Workers = 1,
            Limits = options.Limits with { MaxBytes = Math.Max(1, options.Limits.MaxBytes / 2) },
        };
    }

    private bool HaveKnobs(Scheme one, Scheme other)
    {
        var known = one.Knobs.Keys.Concat(other.Knobs.Keys).Distinct().ToList();
        if (settings.Options(one).Knobs.Keys.FirstOrDefault(k => !known.Contains(k)) is not { } unknown)
            return true;
        Console.Error.WriteLine(
            one == other
                ? $"lazykick: --set: scheme '{one.Name}' has no knob '{unknown}'"
                : $"lazykick: --set: neither '{one.Name}' nor '{other.Name}' has a knob '{unknown}'"
        );
        if (Suggestion.For(unknown, known) is { } hint)
            Console.Error.WriteLine($"    {hint}");
        return false;
    }

    private bool HaveProperties(Scheme one, Scheme other)
    {
        var stated = PropertyList.Of(one).Concat(PropertyList.Of(other)).Select(p => p.Id).Distinct().ToList();
        if (settings.Properties.FirstOrDefault(p => !stated.Contains(p)) is not { } unknown)
            return true;
        Console.Error.WriteLine($"lazykick: --property: neither scheme states '{unknown}'");
        Console.Error.WriteLine($"    {Suggestion.For(unknown, stated) ?? $"stated: {string.Join(", ", stated)}"}");
        return false;
    }
}
