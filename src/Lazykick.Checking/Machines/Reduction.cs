namespace Lazykick.Checking.Machines;

/// <summary>
/// By what a search makes the space smaller: docs/design/reductions.md proves that no answer changes.
/// </summary>
/// <param name="LazyIssue">An access is issued only when something needs it.</param>
/// <param name="DeadRegisters">What a CPU will overwrite before it looks at it counts as 0.</param>
/// <param name="ImpossibleGuesses">What hangs on a guess that cannot come true is left out.</param>
internal sealed record Reduction(bool LazyIssue, bool DeadRegisters, bool ImpossibleGuesses)
{
    /// <summary>Nothing: every state counts (M21).</summary>
    public static Reduction None { get; } = new(false, false, false);

    /// <summary>Everything.</summary>
    public static Reduction All { get; } = new(true, true, true);
}
