namespace Lazykick.Checking.Memory;

/// <summary>
/// The ordering rules that a machine keeps: all of its model's. A test leaves one out to show that a verdict depends on
/// it.
/// </summary>
/// <param name="Model">The memory model.</param>
public readonly record struct RuleSet(MemoryModel Model)
{
    /// <summary>The rule that is left out, as an index into <see cref="OrderingRules.All"/>; 0 for none.</summary>
    internal int LeftOut { get; init; }

    internal bool Keeps(int rule) => rule != LeftOut;
}
