namespace Lazykick.Checking.Moves;

/// <summary>What a policy says of a CPU that it is asked about.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Target">The CPU.</param>
/// <param name="Skips">The kick leaves it alone.</param>
internal sealed record Decision(string Policy, int Target, bool Skips);
