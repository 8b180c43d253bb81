namespace Lazykick.Traces.Pricing;

/// <summary>A race that <c>check</c> finds in a scheme, from the <c>.expected</c> file beside it.</summary>
/// <param name="Property">The property that is violated, for example S1.</param>
/// <param name="Moves">Length of the shortest counterexample.</param>
/// <param name="Cpus">CPUs of that configuration.</param>
/// <param name="Memory">Its memory model.</param>
/// <param name="Knobs">Its knobs as options of <c>check</c>, for example <c>--set svc=off</c>; empty for none.</param>
public sealed record Refutation(string Property, int Moves, int Cpus, string Memory, string Knobs);
