using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>A step at one position of a path, whichever CPU takes it.</summary>
/// <param name="Path">The path, or the place.</param>
/// <param name="Calls">Calls that the step stands in, outermost first.</param>
/// <param name="Step">The step; empty at a place.</param>
/// <param name="Span">Where it is written.</param>
public sealed record StepPlace(string Path, IReadOnlyList<string> Calls, string Step, SourceSpan Span);
