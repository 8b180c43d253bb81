using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Properties;

/// <summary>Where a step is compiled: on which CPU, in which frame, and what names mean there.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Level">The frame, from 0.</param>
/// <param name="Scope">What names mean.</param>
internal readonly record struct StepSite(int Cpu, int Level, CpuScope Scope);
