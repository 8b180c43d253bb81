using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A state of up to 128 bits.</summary>
internal readonly struct Packed2(ulong a, ulong b) : IPacked<Packed2>
{
    private readonly ulong _a = a;
    private readonly ulong _b = b;

    public static Packed2 From(ReadOnlySpan<ulong> words) => new(words[0], words[1]);

    public void CopyTo(Span<ulong> words)
    {
        words[0] = _a;
        words[1] = _b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed2 Replace(in Packed2 state, in Packed2 written, in Packed2 value)
        => new(state._a & ~written._a | value._a, state._b & ~written._b | value._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAll(in Packed2 state, in Packed2 mask)
        => ((~state._a & mask._a) | (~state._b & mask._b)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(in Packed2 state, in Packed2 mask)
    {
        var key = Bits.Extract(state._a, mask._a);
        var width = BitOperations.PopCount(mask._a);
        if (mask._b != 0)
        {
            key |= Bits.Extract(state._b, mask._b) << width;
        }

        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash() => Bits.Mix(Bits.Mix(_a) + 0x9E3779B97F4A7C15 ^ _b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Packed2 other) => _a == other._a && _b == other._b;

    public override bool Equals(object? obj) => obj is Packed2 other && Equals(other);

    public override int GetHashCode() => (int)Hash();
}
