namespace Lazykick.Checking.Verdicts;

/// <summary>What a search says of a property.</summary>
public enum Verdict
{
    /// <summary>No reachable state or move violates it; the whole space was searched.</summary>
    Holds,

    /// <summary>There is a counterexample.</summary>
    Violated,

    /// <summary>
    /// No violation was met, and nothing that could have been one: the scheme does not do what the property is about.
    /// </summary>
    NotChecked,

    /// <summary>The search gave up before it met a counterexample.</summary>
    Undecided,
}
