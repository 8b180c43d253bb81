using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A state of up to 192 bits.</summary>
internal readonly struct Packed3(ulong a, ulong b, ulong c) : IPacked<Packed3>
{
    private readonly ulong _a = a;
    private readonly ulong _b = b;
    private readonly ulong _c = c;

    public static Packed3 From(ReadOnlySpan<ulong> words) => new(words[0], words[1], words[2]);

    public void CopyTo(Span<ulong> words)
    {
        words[0] = _a;
        words[1] = _b;
        words[2] = _c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed3 Replace(in Packed3 state, in Packed3 written, in Packed3 value)
        => new(state._a & ~written._a | value._a, state._b & ~written._b | value._b, state._c & ~written._c | value._c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAll(in Packed3 state, in Packed3 mask)
        => ((~state._a & mask._a) | (~state._b & mask._b) | (~state._c & mask._c)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(in Packed3 state, in Packed3 mask)
    {
        var key = Bits.Extract(state._a, mask._a);
        var width = BitOperations.PopCount(mask._a);
        if (mask._b != 0)
        {
            key |= Bits.Extract(state._b, mask._b) << width;
            width += BitOperations.PopCount(mask._b);
        }

        if (mask._c != 0)
        {
            key |= Bits.Extract(state._c, mask._c) << width;
        }

        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash() => Bits.Mix(Bits.Mix(Bits.Mix(_a) + 0x9E3779B97F4A7C15 ^ _b) + 0x9E3779B97F4A7C15 ^ _c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Packed3 other) => _a == other._a && _b == other._b && _c == other._c;

    public override bool Equals(object? obj) => obj is Packed3 other && Equals(other);

    public override int GetHashCode() => (int)Hash();
}
