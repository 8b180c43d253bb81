namespace Lazykick.Checking.Tests.Axiomatic;

internal enum OpKind
{
    Load,
    Store,
    Swap,
    Add,
    AddNoReturn,
    CompareSwap,
    LoadExclusive,
    StoreExclusive,
    Fence,
    Isb,
    Branch,

    /// <summary>A register gets a constant or another register's value.</summary>
    Move,

    /// <summary>Nothing.</summary>
    Nothing,
}
