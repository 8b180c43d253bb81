using Lazykick.Checking.Compilation;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>A counterexample: one shortest way to a violation.</summary>
/// <param name="Property">The property that it violates.</param>
/// <param name="Starts">By CPU: the place where it starts.</param>
/// <param name="Roles">By CPU: its role.</param>
/// <param name="Moves">The moves in order.</param>
/// <param name="OldText">Where the violation is old text that may run: on which CPU and before which step; else
/// null.</param>
public sealed record Race(
    string Property,
    IReadOnlyList<string> Starts,
    IReadOnlyList<string> Roles,
    IReadOnlyList<RaceMove> Moves,
    RaceText? OldText
);

/// <summary>One move of a race.</summary>
/// <param name="Cpu">Who moves.</param>
/// <param name="Step">The step as written in the scheme.</param>
/// <param name="Note">What was picked or found, or null.</param>
/// <param name="Enters">The path that it enters, or null.</param>
/// <param name="Path">The path that it belongs to.</param>
/// <param name="Calls">The routines that the step stands in, outermost first.</param>
/// <param name="Span">Where the step is written.</param>
/// <param name="Changes">What the move changed.</param>
/// <param name="Kind">What it is, for drawing.</param>
/// <param name="Phase">Which part of the step it is.</param>
/// <param name="ChangesMemory">It changed a variable that other CPUs see.</param>
public sealed record RaceMove(
    int Cpu,
    string Step,
    string? Note,
    string? Enters,
    string Path,
    IReadOnlyList<string> Calls,
    SourceSpan Span,
    IReadOnlyList<RaceChange> Changes,
    RaceMoveKind Kind,
    MovePhase Phase,
    bool ChangesMemory
);

/// <summary>A value that a move changed.</summary>
/// <param name="Name">The variable or flag, with its CPU.</param>
/// <param name="Before">Value before.</param>
/// <param name="After">Value after.</param>
public sealed record RaceChange(string Name, int Before, int After);

/// <summary>Where old text may run.</summary>
/// <param name="Cpu">On which CPU.</param>
/// <param name="Path">In which path, or at which place.</param>
/// <param name="Step">Before which step.</param>
/// <param name="Span">Where that is written.</param>
public sealed record RaceText(int Cpu, string Path, string Step, SourceSpan Span);

/// <summary>What a move is to the reader of a race.</summary>
public enum RaceMoveKind
{
    /// <summary>Nothing that the race turns on.</summary>
    Other,

    /// <summary>New text is written.</summary>
    WriteText,

    /// <summary>Caches are maintained for it.</summary>
    MaintainText,

    /// <summary>A context synchronisation event.</summary>
    Synchronise,

    /// <summary>The CPU leaves the EQS.</summary>
    LeaveEqs,

    /// <summary>The CPU enters the EQS.</summary>
    EnterEqs,

    /// <summary>A policy is asked about a CPU.</summary>
    Select,

    /// <summary>An interrupt is sent.</summary>
    Send,

    /// <summary>An interrupt is discovered.</summary>
    Discover,

    /// <summary>It concerns an object, a translation, or data that a kick returns for (S2, S3, S9).</summary>
    Obligation,

    /// <summary>A kick begins.</summary>
    KickBegins,

    /// <summary>A kick returns.</summary>
    KickReturns,
}
