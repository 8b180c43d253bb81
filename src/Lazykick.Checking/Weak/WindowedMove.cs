using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>
/// A move that takes a slot of the window: how it is issued, and what happens when its access takes place.
/// </summary>
internal sealed class WindowedMove<T>
    where T : unmanaged, IPacked<T>
{
    public required Move Move { get; init; }

    public required Access Access { get; init; }

    /// <summary>Its access as it is right after the issue.</summary>
    public required Instance Instance { get; init; }

    /// <summary>Its number among the windowed moves of its CPU, from 1.</summary>
    public required int Code { get; init; }

    /// <summary>
    /// For each value that its read may return, the issue; a single one if it reads nothing that matters at issue; none
    /// for <see cref="Failing"/> and steps without access.
    /// </summary>
    public IReadOnlyList<(int Guess, IssueTable<T> Table)> Issues { get; init; } = [];

    /// <summary>The value read has been guessed, and the read has to return it.</summary>
    public required bool IsGuessed { get; init; }

    /// <summary>
    /// It leaves as soon as it is done, also from behind others: nothing can take it back, and nothing waits for it.
    /// </summary>
    public required bool LeavesWhenDone { get; init; }

    /// <summary>
    /// Its issue changes and looks at nothing but what is its CPU's alone, so that it may come later (docs/design/
    /// reductions.md).
    /// </summary>
    public required bool MayBeDelayed { get; init; }

    /// <summary>It takes the contents of an object for the last time (M24).</summary>
    public required bool IsDrain { get; init; }

    /// <summary>
    /// No other CPU writes the variable: a load that nothing holds back returns the same now and later, so it reads at
    /// issue.
    /// </summary>
    public required bool IsOwn { get; init; }

    /// <summary>How it stands in the window if it is a compare-and-swap that will find something else.</summary>
    public WindowedMove<T>? Failing { get; init; }

    /// <summary>A DMB ISH follows in the same step.</summary>
    public required bool FenceAfter { get; init; }

    /// <summary>The read takes place.</summary>
    public required Move ReadMove { get; init; }

    /// <summary>The write, or the maintenance, takes place.</summary>
    public required Move WriteMove { get; init; }

    /// <summary>
    /// What the write changes besides the variable, for example the EQS that it ends, and what it violates.
    /// </summary>
    public required MoveTable<T> Deferred { get; init; }

    /// <summary>The same for the read.</summary>
    public required MoveTable<T> AtRead { get; init; }

    /// <summary>For a change of text or of a translation: the marks that are set once it is certain (W12).</summary>
    public MoveTable<T>? Announcement { get; init; }

    /// <summary>For a change of text or of a translation: whether a kick has returned for it.</summary>
    public Field? Returned { get; init; }

    /// <summary>How values flow through it.</summary>
    public required Flow Flow { get; init; }

    /// <summary>Something flows.</summary>
    public required bool HasFlow { get; init; }
}
