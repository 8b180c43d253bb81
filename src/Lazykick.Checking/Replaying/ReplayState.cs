namespace Lazykick.Checking.Replaying;

/// <summary>A state of an execution.</summary>
/// <param name="Cpus">Each CPU.</param>
/// <param name="Values">Variables, text and books of the properties that do not have their lowest value, by
/// name.</param>
public sealed record ReplayState(IReadOnlyList<CpuState> Cpus, IReadOnlyList<NamedValue> Values);

/// <summary>A variable, or another fact that the machine keeps.</summary>
/// <param name="Name">Its name, with its CPU.</param>
/// <param name="Value">Its value, as people write it.</param>
public sealed record NamedValue(string Name, string Value);
