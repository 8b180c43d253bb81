using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lazykick.Checking.Exploration;

/// <summary>Bit operations that the machine may or may not have an instruction for.</summary>
internal static class Bits
{
    /// <summary>The bits of <paramref name="word"/> under <paramref name="mask"/>, moved together (PEXT).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(ulong word, ulong mask) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(word, mask) : ExtractSlowly(word, mask);

    public static ulong ExtractSlowly(ulong word, ulong mask)
    {
        ulong result = 0;
        for (var bit = 0; mask != 0; bit++, mask &= mask - 1)
            result |= (word >> BitOperations.TrailingZeroCount(mask) & 1) << bit;
        return result;
    }

    /// <summary>A bijection that spreads every bit over the whole word (Stafford's mix 13).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong x)
    {
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }
}
