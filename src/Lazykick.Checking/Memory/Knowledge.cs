namespace Lazykick.Checking.Memory;

/// <summary>How far a value is known to the CPU that will use it.</summary>
public enum Knowledge : byte
{
    /// <summary>It hangs on a read that has not been satisfied.</summary>
    Unknown,

    /// <summary>
    /// Known, but it hangs on a conditional selection that was predicted: good for reads, not for writes.
    /// </summary>
    Speculative,

    /// <summary>Settled.</summary>
    Final,
}
