using Lazykick.Checking.Exploration;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>
/// What a check says of some positions: may text there be old after the kick, how does it come to that, may RCU be
/// used.
/// </summary>
/// <param name="Result">The search; only violations at these positions count in it.</param>
/// <param name="Positions">The positions.</param>
internal sealed record PositionAnswer(CheckResult Result, IReadOnlyList<WindowPosition> Positions)
{
    /// <summary>Text at one of them may be old.</summary>
    public bool IsOld => Positions.Any(p => p.MayRunStale);

    /// <summary>Why nothing is shown; null if the answer is one.</summary>
    public string? WhyNotShown =>
        IsOld ? null
        : Result.NotChecked.TryGetValue("S1.windows", out var why) ? why
        : Result.End != SearchEnd.Exhausted ? SearchEndText.Of(Result.End)
        : Positions.Any(p => p.IsVisited) ? null
        : "no CPU ever stands there";

    /// <summary>The exit status.</summary>
    public int Status =>
        IsOld ? ExitStatus.Violated
        : WhyNotShown is null ? ExitStatus.Done
        : Result.End != SearchEnd.Exhausted ? ExitStatus.GaveUp
        : ExitStatus.CannotTell;

    /// <summary>The shortest race to old text at one of them: of ordinary code (S1) if there is one.</summary>
    public PropertyVerdict? Violated =>
        Result
            .Verdicts.Where(v => v.Verdict == Verdict.Violated && v.Definition is S1Text or S1Windows)
            .OrderBy(v => v.Definition is S1Windows)
            .FirstOrDefault(v => v.Verdict == Verdict.Violated);

    /// <summary>Finds the answer, or says why there is none.</summary>
    public static PositionAnswer? Find(
        Scheme scheme,
        CheckOptions options,
        PositionPattern pattern,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation
    )
    {
        var probe = options with { Limits = options.Limits with { MaxStates = 1 }, Progress = null };
        if (SchemeCheck.Run(scheme, probe, diagnostics, cancellation) is not { } all)
            return null;
        var meant = pattern.Find(all.Positions);
        if (meant.Count == 0)
        {
            pattern.Refuse(all.Positions, Console.Error);
            return null;
        }

        var counted = options with { Only = place => meant.Any(p => IsAt(p, place)) };
        return SchemeCheck.Run(scheme, counted, diagnostics, cancellation) is { } result
            ? new(result, [.. result.Positions.Where(p => meant.Any(m => IsSame(m, p)))])
            : null;
    }

    private static bool IsAt(WindowPosition position, StepPlace place) =>
        position.Path == place.Path
        && position.Span == place.Span
        && position.Step == place.Step
        && position.Calls.SequenceEqual(place.Calls);

    private static bool IsSame(WindowPosition a, WindowPosition b) =>
        a.Role == b.Role && IsAt(a, new StepPlace(b.Path, b.Calls, b.Step, b.Span));
}
