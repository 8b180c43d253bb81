using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Moves;

/// <summary>A step at one position of one CPU's code: routines are expanded, names resolved.</summary>
internal sealed class Instruction(int cpu, int level, string path, Step? step, SourceSpan span, string text)
{
    public int Cpu { get; } = cpu;

    /// <summary>The frame that it runs in, 0 to 2.</summary>
    public int Level { get; } = level;

    /// <summary>The path, or the place, that it belongs to.</summary>
    public string Path { get; } = path;

    /// <summary>The step as written; null for a place.</summary>
    public Step? Step { get; } = step;

    public SourceSpan Span { get; } = span;

    /// <summary>What people see.</summary>
    public string Text { get; } = text;

    /// <summary>The calls that it is expanded in, outermost first.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>Kernel text lies here: not user mode, not a guest.</summary>
    public bool IsKernelText { get; init; } = true;

    /// <summary>Host exceptions can be taken here: kernel mode, not a guest.</summary>
    public bool CanBeInterrupted { get; init; } = true;

    /// <summary>Ordinary code in the sense of rule M18.</summary>
    public bool IsOrdinary { get; init; }

    /// <summary>The sections around this step and around the calls that lead to it, innermost first.</summary>
    public IReadOnlyList<string> Sections { get; init; } = [];

    /// <summary>
    /// The CPU that a loop over CPUs is at, if the step is in such a loop; <see cref="Nobody"/> if not,
    /// <see cref="Several"/> in a loop within a loop.
    /// </summary>
    public int About { get; init; } = Nobody;

    /// <summary>The set that the innermost loop over CPUs goes through, if it is a variable.</summary>
    public Field? Loop { get; init; }

    /// <summary>The step is in no loop over CPUs.</summary>
    public const int Nobody = -1;

    /// <summary>The step is in loops that are at different CPUs.</summary>
    public const int Several = -2;

    /// <summary>A policy with <c>ask</c> begins here: which, and of which CPU. Else null.</summary>
    public (string Policy, int Target)? Asks { get; set; }

    /// <summary>Value of the program counter; assigned last.</summary>
    public int Pc { get; set; } = -1;

    public bool IsPlace => Step is null;

    /// <summary>Its own moves, and those that enter a nested path from here.</summary>
    public List<Move> Moves { get; } = [];

    /// <summary>The moves that take this step.</summary>
    public IEnumerable<Move> OwnMoves => Moves.Where(m => m.Instruction == this);

    /// <summary>
    /// For a step reached over several ways: its position within the CPU's role, the same for all levels.
    /// </summary>
    public (string Path, string Calls, SourceSpan Span, bool IsTest) Key =>
        (Path, string.Join('>', Calls), Span, Step is WhenStep);
}
