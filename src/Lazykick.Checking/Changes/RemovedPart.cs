namespace Lazykick.Checking.Changes;

/// <summary>A part of a scheme, and what was found without it.</summary>
/// <param name="Part">The part.</param>
/// <param name="Verdict">What it is to the verdicts.</param>
/// <param name="Reason">What breaks; or why nothing does, as far as that is known.</param>
public sealed record RemovedPart(Part Part, RemovalVerdict Verdict, string Reason);
