namespace Lazykick.Checking.Weak;

/// <summary>
/// How values flow through a move of one CPU: from its read and from variables that may hang on reads in flight.
/// </summary>
internal sealed record Flow
{
    /// <summary>Variables that get a value, as bits, and what that hangs on.</summary>
    public required IReadOnlyList<(ulong Variable, Dependence On)> Writes { get; init; }

    /// <summary>
    /// The value that a store or an atomic makes visible; for a step without access all that it assigns.
    /// </summary>
    public required Dependence Data { get; init; }

    /// <summary>The variable in memory that it writes, as a bit; 0 if its value is always known.</summary>
    public required ulong Memory { get; init; }

    /// <summary>Whether a compare-and-swap succeeds.</summary>
    public Dependence Outcome { get; init; }

    /// <summary>Where the CPU goes next, and whether the move is possible.</summary>
    public required Dependence Branch { get; init; }

    /// <summary>Something at issue hangs on what the step reads.</summary>
    public required bool UsesRead { get; init; }

    /// <summary>Variables that properties judged by the move look at.</summary>
    public required ulong Checks { get; init; }

    /// <summary>All variables that it looks at or assigns.</summary>
    public required ulong Touches { get; init; }

    /// <summary>Whatever hangs on something goes into the program counter or a variable that is followed.</summary>
    public required bool IsContained { get; init; }
}
