using Lazykick.Checking.Comparing;
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
        CheckResult? oneResult = null;
        CheckResult? otherResult = null;
        Parallel.Invoke(
            () => oneResult = SchemeCheck.Run(one, ofOne, oneDiagnostics, cancellation),
            () => otherResult = SchemeCheck.Run(other, ofOther, otherDiagnostics, cancellation)
        );
        SearchProgressLine.Clear();
        if (oneResult is null || otherResult is null)
        {
            SchemeArgument.Report(oneDiagnostics.Count > 0 ? oneDiagnostics : otherDiagnostics, Console.Error);
            return ExitStatus.WrongInput;
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
