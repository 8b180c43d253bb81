using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// What one search found: the size of the space, what each property met, what happened at each position.
/// </summary>
internal sealed class Space(int properties)
{
    public SearchEnd End { get; set; }

    public long States { get; set; }

    public long Transitions { get; set; }

    /// <summary>Number of levels: the longest of the shortest executions, plus one.</summary>
    public int Levels { get; set; }

    public long Bytes { get; set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>By property: the length of the shortest counterexample (M22), or -1.</summary>
    public int[] Shortest { get; } = [.. Enumerable.Repeat(-1, properties)];

    /// <summary>By property: the race that is shown (M23), once asked for.</summary>
    public required Func<int, SchemeExecution?> Execution { get; init; }

    /// <summary>Positions by CPU and level, in the order of program counters.</summary>
    public required IReadOnlyList<PositionFacts> Positions { get; init; }

    /// <summary>
    /// Moves that no execution makes; of a machine with windows only those of steps are asked for, not those of their
    /// accesses.
    /// </summary>
    public required IReadOnlyList<Move> NeverMade { get; init; }

    /// <summary>What policies answered of CPUs.</summary>
    public required IReadOnlyList<DecisionFacts> Decisions { get; init; }

    /// <summary>Windows, where there are any, were too small for something that a larger one would allow.</summary>
    public bool WindowWasFull { get; set; }

    /// <summary>By what the space was made smaller, as people read it.</summary>
    public required IReadOnlyList<string> Reductions { get; init; }

    /// <summary>
    /// Of a search that keeps a few bits of each state: the chance that the last new state was taken for a known one,
    /// which for all others was smaller; else 0.
    /// </summary>
    public double Missed { get; init; }

    /// <summary>A kick has returned in some execution.</summary>
    public bool KickReturned { get; set; }
}

/// <summary>What was found at one position of a CPU's code.</summary>
/// <param name="Instruction">The position.</param>
/// <param name="Visited">A CPU stood here.</param>
/// <param name="InEqs">In a state in which RCU did not watch it.</param>
/// <param name="Watched">In a state in which RCU watched it.</param>
/// <param name="Stale">In the window (M18).</param>
/// <param name="AlwaysUnmasked">A CPU stood here, and never with interrupts masked.</param>
internal readonly record struct PositionFacts(
    Instruction Instruction,
    bool Visited,
    bool InEqs,
    bool Watched,
    bool Stale,
    bool AlwaysUnmasked
);

/// <summary>A path through the space of a scheme.</summary>
/// <param name="Start">Words of the first state.</param>
/// <param name="Steps">The moves, each with the words of the state after it.</param>
/// <param name="Last">Where the violation is a property of a state: the instruction that may run old text; else
/// null.</param>
internal sealed record SchemeExecution(
    ulong[] Start,
    IReadOnlyList<(Move Move, ulong[] After)> Steps,
    Instruction? Last
)
{
    /// <summary>For S8: where it ends; else null.</summary>
    public Stuck? Stuck { get; init; }
}

/// <summary>Where it all ends for a kick that cannot return.</summary>
/// <param name="State">Words of the state.</param>
/// <param name="Taken">What CPUs do from there on, again and again; empty if nothing happens any more.</param>
internal sealed record Stuck(ulong[] State, IReadOnlySet<Instruction> Taken);
