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

    /// <summary>DC CVAU.</summary>
    Clean,

    /// <summary>IC IVAU.</summary>
    Invalidate,

    /// <summary>Text that may change is run: the result is 1 for the old instruction and 2 for the new one.</summary>
    Fetch,

    /// <summary>SVC: what follows, up to the next <see cref="Leave"/>, is the thread's handler.</summary>
    Enter,

    /// <summary>ERET.</summary>
    Leave,

    /// <summary>Nothing.</summary>
    Nothing,
}
