namespace Lazykick.Traces.Containers;

/// <summary>How to turn cycles of the x86-tsc clock into nanoseconds, as the kernel calibrated them.</summary>
/// <param name="Multiplier">Multiplied with the cycles.</param>
/// <param name="Shift">Bits to shift the product right, 0 to 63.</param>
/// <param name="Offset">Cycles at nanosecond 0: subtracted first.</param>
public sealed record ClockScale(uint Multiplier, int Shift, ulong Offset)
{
    /// <summary>Nanoseconds of a time stamp.</summary>
    public ulong ToNanoseconds(ulong timestamp) => (ulong)(((UInt128)(timestamp - Offset) * Multiplier) >> Shift);
}
