namespace Lazykick.Checking.Changes;

/// <summary>Additions that make the property hold and break a promise that was kept.</summary>
/// <param name="Parts">What is added.</param>
/// <param name="Broken">The property that is violated then.</param>
public sealed record RefusedRepair(IReadOnlyList<Part> Parts, string Broken);
