namespace Lazykick.Checking.Tests.Naive;

/// <summary>A loop's or a policy's name for a CPU.</summary>
internal sealed record CpuName(string Name, int Cpu, CpuName? Next);
