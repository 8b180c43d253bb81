namespace Lazykick.Checking.Tests.Axiomatic;

internal enum OpKind
{
    Load,
    Store,
    Swap,
    Add,
    AddNoReturn,
    LoadExclusive,
    StoreExclusive,
    Fence,
    Isb,
    Branch,
}
