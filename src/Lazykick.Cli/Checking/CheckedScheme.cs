using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Checking;

/// <summary>What a check of one scheme found, and what else was asked of it.</summary>
/// <param name="Argument">How the caller names the scheme.</param>
/// <param name="Result">What the first check found.</param>
/// <param name="Raised">The checks with more accesses in flight that followed.</param>
/// <param name="Asked">Names of the properties that count; none: what the scheme promises.</param>
/// <param name="Expected">What the author expects of this configuration, or null.</param>
internal sealed record CheckedScheme(
    string Argument,
    CheckResult Result,
    IReadOnlyList<CheckResult> Raised,
    IReadOnlyList<string> Asked,
    Expectation? Expected
)
{
    /// <summary>
    /// The check that counts: the first one that is broken, else the whole one with the most accesses in flight, of
    /// which all is shown, so that what a smaller bound assumed is gone.
    /// </summary>
    public CheckResult Decisive =>
        Raised.FirstOrDefault(r => r.AnswerOn(Asked).Kind == AnswerKind.Broken)
        ?? Raised.LastOrDefault(r => r.End == SearchEnd.Exhausted)
        ?? Result;

    /// <summary>The same scheme with other knobs, to be shown beside it; or null.</summary>
    public CheckedScheme? Twin { get; init; }

    /// <summary>How many CPUs the verdicts speak of, or null if the caller chose the number.</summary>
    public Reach? Reach { get; init; }

    /// <summary>The answer: what more CPUs break is broken.</summary>
    public Answer Answer
    {
        get
        {
            var answer = Decisive.AnswerOn(Asked);
            var wider = Reach
                ?.Broken(Result)
                .Where(v => Asked.Count == 0 ? v.IsPromised : Asked.Contains(v.Property, StringComparer.Ordinal))
                .Select(v => $"{v.Property} with {Reach.Wider!.Cpus} CPUs")
                .ToList();
            return answer.Kind == AnswerKind.Broken || wider is null or { Count: 0 }
                ? answer
                : answer with
                {
                    Kind = AnswerKind.Broken,
                    Reasons = wider,
                };
        }
    }

    /// <summary>The violation of a broken promise, or of a property that was asked for: others are not drawn.</summary>
    public PropertyVerdict? Drawn =>
        Shown.FirstOrDefault(v => v.Verdict == Verdict.Violated && (v.IsPromised || Asked.Count > 0));

    /// <summary>Races of the drawn property that end elsewhere, as far as they were asked for.</summary>
    public IReadOnlyList<PropertyVerdict> Others { get; init; } = [];

    /// <summary>What breaks is violated only with more CPUs than were asked for.</summary>
    public bool IsBrokenByMoreCpus =>
        !IsExpectation
        && Answer.Kind == AnswerKind.Broken
        && !Shown.Any(v => v.Verdict == Verdict.Violated && Answer.Properties.Contains(v.Property));

    /// <summary>The verdicts that are shown.</summary>
    public IReadOnlyList<PropertyVerdict> Shown =>
        Asked.Count == 0
            ? Decisive.Verdicts
            : [.. Decisive.Verdicts.Where(v => Asked.Contains(v.Property, StringComparer.Ordinal))];

    /// <summary>Where the result differs from what the author expects, in words.</summary>
    public IReadOnlyList<string> Differences =>
        Expected is null ? [] : [.. ExpectedCheck.Differences(Expected, Result)];

    /// <summary>The exit status.</summary>
    public int Status =>
        Differences.Count > 0 ? ExitStatus.Violated
        : Expected is not null && IsExpectation ? ExitStatus.Done
        : Answer.Kind switch
        {
            AnswerKind.Holds => ExitStatus.Done,
            AnswerKind.Broken => ExitStatus.Violated,
            AnswerKind.GaveUp => ExitStatus.GaveUp,
            _ => ExitStatus.CannotTell,
        };

    /// <summary>Only the author's expectation was asked for: what is violated as expected is no failure.</summary>
    public bool IsExpectation { get; init; }
}
