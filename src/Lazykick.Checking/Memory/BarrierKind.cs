namespace Lazykick.Checking.Memory;

/// <summary>The fences that are told apart.</summary>
public enum BarrierKind : byte
{
    /// <summary>Not a fence.</summary>
    None,

    /// <summary>DMB SY/ISH: accesses and cleans on both sides.</summary>
    DmbFull,

    /// <summary>DMB LD: reads before, accesses after.</summary>
    DmbLoad,

    /// <summary>DMB ST: writes before, writes after.</summary>
    DmbStore,

    /// <summary>DSB SY/ISH: everything before, everything but fetches after.</summary>
    DsbFull,

    /// <summary>DSB LD: reads before, everything but fetches after.</summary>
    DsbLoad,

    /// <summary>DSB ST: writes before, everything but fetches after.</summary>
    DsbStore,

    /// <summary>MFENCE: the store buffer is empty afterwards.</summary>
    Mfence,
}
