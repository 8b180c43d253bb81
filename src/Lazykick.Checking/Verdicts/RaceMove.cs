using Lazykick.Checking.Moves;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>One move of a race: what it did, as facts, and how the scheme writes it.</summary>
public sealed record RaceMove
{
    /// <summary>Who moves.</summary>
    public required int Cpu { get; init; }

    /// <summary>The step as written in the scheme.</summary>
    public required string Step { get; init; }

    /// <summary>The word of the language that the step begins with: isb, dc, rmw.</summary>
    public required string Keyword { get; init; }

    /// <summary>What was picked or found, in words; or null.</summary>
    public string? Note { get; init; }

    /// <summary>The path that it enters, or null.</summary>
    public string? Enters { get; init; }

    /// <summary>The path that it belongs to.</summary>
    public required string Path { get; init; }

    /// <summary>The routines that the step stands in, outermost first.</summary>
    public required IReadOnlyList<string> Calls { get; init; }

    /// <summary>Where the step is written.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>What the move changed.</summary>
    public required IReadOnlyList<RaceChange> Changes { get; init; }

    /// <summary>What it is to the reader.</summary>
    public required RaceMoveKind Kind { get; init; }

    /// <summary>Which part of the step it is.</summary>
    public required MovePhase Phase { get; init; }

    /// <summary>What the step is to memory.</summary>
    public required RaceAccess Access { get; init; }

    /// <summary>The variable in memory that the step accesses, with its CPU; or null.</summary>
    public string? Variable { get; init; }

    /// <summary>
    /// What a load finds in memory, at the move in which its read takes place; null for all other moves, and where an
    /// older write of the same CPU that is still in flight may have answered.
    /// </summary>
    public int? ReadValue { get; init; }

    /// <summary>It accesses a variable by which a CPU's EQS is told.</summary>
    public bool TellsEqs { get; init; }

    /// <summary>The steps of a <c>together</c>, in order; else the step alone.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>What the step is in the kernel's source, as the scheme says: <c>is "..."</c>; or null.</summary>
    public string? Kernel { get; init; }

    /// <summary>The condition that an <c>assert</c> states, or null.</summary>
    public string? Asserted { get; init; }

    /// <summary>What an <c>assert</c> says of a state in which its condition does not hold; else null.</summary>
    public string? Reproach { get; init; }

    /// <summary>The kick that begins or returns, or null.</summary>
    public string? Kick { get; init; }

    /// <summary>The policy that answers, or null.</summary>
    public string? Policy { get; init; }

    /// <summary>The CPU that a policy is asked about, or a message is sent to; or null.</summary>
    public int? Target { get; init; }

    /// <summary>The message that is sent, or null.</summary>
    public string? Message { get; init; }

    /// <summary>What the policy answers: true, the kick leaves the CPU alone; null where none is asked.</summary>
    public bool? Skips { get; init; }

    /// <summary>An exception, or a return from one, that is no context synchronisation event (M11).</summary>
    public bool FailsToSynchronise { get; init; }

    /// <summary>
    /// An exception or a return that a reader would take for one that synchronises, and that does not: of x86 no entry
    /// does.
    /// </summary>
    public bool IsSilentDoor { get; init; }

    /// <summary>It changed a variable that other CPUs see.</summary>
    public required bool ChangesMemory { get; init; }

    /// <summary>It completes what maintains caches, and does nothing else that a reader of the race needs.</summary>
    public bool IsUpkeep => Access is RaceAccess.Barrier || (Access is RaceAccess.Synchronise && Keyword == IsbKeyword);

    /// <summary>It picks a branch, which <see cref="Note"/> names by its first step.</summary>
    public bool IsChoice => Keyword == EitherKeyword;

    internal const string IsbKeyword = "isb";

    internal const string EitherKeyword = "either";
}
