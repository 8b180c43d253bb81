namespace Lazykick.Checking.Machines;

/// <summary>What a policy answered of CPUs in one of the states that a trace shows.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="State">Where the CPU was: user, user_eqs, idle, guest or kernel.</param>
/// <param name="Skipped">It left such a CPU alone, in some execution.</param>
/// <param name="Interrupted">It had such a CPU interrupted, in some execution.</param>
internal sealed record DecisionFacts(string Policy, string State, bool Skipped, bool Interrupted);
