namespace Lazykick.Checking.Memory;

/// <summary>Ordering that an access carries itself.</summary>
[Flags]
public enum OrderFlags : byte
{
    /// <summary>A plain access.</summary>
    None = 0,

    /// <summary>The read is an acquire of the RCsc kind (LDAR, LDAXR, the A forms of LSE atomics).</summary>
    Acquire = 1,

    /// <summary>The read is an acquire of the RCpc kind (LDAPR): an older release may still be pending.</summary>
    AcquirePc = 2,

    /// <summary>The write is a release (STLR, STLXR, the L forms of LSE atomics).</summary>
    Release = 4,

    /// <summary>One half of a load-exclusive, store-exclusive pair.</summary>
    Exclusive = 8,

    /// <summary>An atomic that returns nothing (STADD, or a zero destination): no DMB LD orders its read.</summary>
    NoReturn = 16,

    /// <summary>A read of a device: it cannot be taken back, so that it is never made on a guess.</summary>
    Device = 32,

    /// <summary>A read of a system register: of barriers, only those of the DSB kind order it.</summary>
    SystemRegister = 64,
}
