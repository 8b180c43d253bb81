using Lazykick.Checking.Changes;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Repairs;

/// <summary>What <c>repair</c> found.</summary>
/// <param name="Check">The scheme as it is.</param>
/// <param name="Property">The property to mend; null if all that is promised holds.</param>
/// <param name="Repairs">What mends it; null if it holds.</param>
/// <param name="Redundancy">What is redundant; null if it was given up before anything was tried.</param>
internal sealed record RepairAnswer(CheckResult Check, string? Property, RepairResult? Repairs, Redundancy? Redundancy)
{
    public int Status =>
        Repairs is { IsComplete: false } || Redundancy is not { IsComplete: true } ? ExitStatus.GaveUp
        : Repairs is { Found.Count: 0 } ? ExitStatus.Violated
        : ExitStatus.Done;
}
