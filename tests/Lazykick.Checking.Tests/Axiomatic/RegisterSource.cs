namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>Where a register has its value from.</summary>
/// <param name="Read">The read event, or -1 for a constant.</param>
/// <param name="Constant">The constant.</param>
/// <param name="EqualTo">The register says whether the read returned this; -1: it holds what the read returned.</param>
internal readonly record struct RegisterSource(int Read, int Constant, int EqualTo);
