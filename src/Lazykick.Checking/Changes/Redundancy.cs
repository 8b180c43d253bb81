namespace Lazykick.Checking.Changes;

/// <summary>What of a scheme is redundant.</summary>
/// <param name="Parts">Every part that was taken away.</param>
/// <param name="Together">Redundant parts, taken in their order, that may all be taken away at once.</param>
/// <param name="With">What was added to the scheme first.</param>
/// <param name="Held">The properties that hold with all parts: what only others need counts as redundant.</param>
/// <param name="HasOrders">Barriers and orders of accesses were looked at; under <c>sc</c> they do nothing.</param>
/// <param name="IsComplete">
/// Every part was tried, and so was which may go together; else it was cancelled, parts that were not tried are
/// undecided, and <paramref name="Together"/> is empty.
/// </param>
public sealed record Redundancy(
    IReadOnlyList<RemovedPart> Parts,
    IReadOnlyList<Part> Together,
    IReadOnlyList<Part> With,
    IReadOnlyList<string> Held,
    bool HasOrders,
    bool IsComplete
);
