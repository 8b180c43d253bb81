using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;

namespace Lazykick.Checking.Changes;

/// <summary>What a search of a changed scheme showed.</summary>
/// <param name="Compiled">The changed scheme.</param>
/// <param name="Space">What was found.</param>
internal sealed record Probe(CompiledScheme Compiled, Space Space)
{
    /// <summary>The whole space was searched.</summary>
    public bool IsWhole => Space.End == SearchEnd.Exhausted;

    /// <summary>Length of the shortest counterexample to a property that was found, or -1.</summary>
    public int LengthOf(string property) => Compiled.PropertyOf(property) is >= 0 and var p ? Space.Shortest[p] : -1;

    /// <summary>The first of these properties that is violated, or null.</summary>
    public string? Broken(IEnumerable<string> properties) => properties.FirstOrDefault(p => LengthOf(p) >= 0);
}
