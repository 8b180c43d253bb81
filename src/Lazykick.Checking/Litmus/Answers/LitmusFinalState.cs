namespace Lazykick.Checking.Litmus.Answers;

/// <summary>A final state, as far as the test looks at it.</summary>
/// <param name="Values">Registers (<c>1:X2</c>), locations (<c>[x]</c>) and faults, with their values as herd prints
/// them.</param>
/// <param name="Satisfies">Whether it satisfies the condition's proposition.</param>
public sealed record LitmusFinalState(IReadOnlyList<KeyValuePair<string, string>> Values, bool Satisfies);
