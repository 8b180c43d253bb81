namespace Lazykick.Checking.Tests.Litmus;

/// <summary>A cross product of edges: one test for each choice.</summary>
/// <param name="Name">The shape's usual name, and what it is about.</param>
/// <param name="Architecture">As diycross7 calls it.</param>
/// <param name="Options">More options.</param>
/// <param name="Edges">The cycle: each element offers edges, separated by bars.</param>
internal sealed record DiyShape(string Name, string Architecture, string[] Options, string[] Edges);
