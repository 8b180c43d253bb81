using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Answers;

/// <summary>The answer to a test.</summary>
public sealed record LitmusResult
{
    /// <summary>The test.</summary>
    public required LitmusTest Test { get; init; }

    /// <summary>The memory model that it was run under.</summary>
    public required MemoryModel Model { get; init; }

    /// <summary>Most instructions in flight on a CPU.</summary>
    public required int Window { get; init; }

    /// <summary>The final states that differ in what the test looks at, ordered by their text.</summary>
    public required IReadOnlyList<LitmusFinalState> FinalStates { get; init; }

    /// <summary>States of the machine that were visited.</summary>
    public required int Explored { get; init; }

    /// <summary>The shortest execution, when it was asked for.</summary>
    public IReadOnlyList<LitmusEvent>? Execution { get; init; }

    /// <summary>Final states that satisfy the proposition.</summary>
    public int Positive => FinalStates.Count(s => s.Satisfies);

    /// <summary>Final states that do not.</summary>
    public int Negative => FinalStates.Count(s => !s.Satisfies);

    /// <summary>How often the proposition was found.</summary>
    public LitmusObservation Observation =>
        Positive == 0 ? LitmusObservation.Never
        : Negative == 0 ? LitmusObservation.Always
        : LitmusObservation.Sometimes;

    /// <summary>Whether the quantified condition holds.</summary>
    public bool Holds =>
        Test.Quantifier switch
        {
            LitmusQuantifier.Exists => Positive > 0,
            LitmusQuantifier.NotExists => Positive == 0,
            _ => Negative == 0,
        };

    /// <summary>The answer in the words of herd's lists of kinds: Allowed, Forbidden or Required.</summary>
    public string Kind =>
        Test.Quantifier == LitmusQuantifier.ForAll
            ? Holds
                ? "Required"
                : "Allowed"
            : Positive > 0
                ? "Allowed"
                : "Forbidden";
}
