namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>What the instruction that reads a register does with it.</summary>
internal enum Port
{
    None,
    Address,
    Data,
}
