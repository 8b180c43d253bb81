using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A state of up to 256 bits.</summary>
internal readonly struct Packed4(ulong a, ulong b, ulong c, ulong d) : IPacked<Packed4>
{
    private readonly ulong _a = a;
    private readonly ulong _b = b;
    private readonly ulong _c = c;
    private readonly ulong _d = d;

    public static Packed4 From(ReadOnlySpan<ulong> words) => new(words[0], words[1], words[2], words[3]);

    public void CopyTo(Span<ulong> words)
    {
        words[0] = _a;
        words[1] = _b;
        words[2] = _c;
        words[3] = _d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed4 Replace(in Packed4 state, in Packed4 written, in Packed4 value)
        => new(state._a & ~written._a | value._a, state._b & ~written._b | value._b, state._c & ~written._c | value._c, state._d & ~written._d | value._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAll(in Packed4 state, in Packed4 mask)
        => ((~state._a & mask._a) | (~state._b & mask._b) | (~state._c & mask._c) | (~state._d & mask._d)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(in Packed4 state, in Packed4 mask)
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
            width += BitOperations.PopCount(mask._c);
        }

        if (mask._d != 0)
        {
            key |= Bits.Extract(state._d, mask._d) << width;
        }

        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash() => Bits.Mix(Bits.Mix(Bits.Mix(Bits.Mix(_a) + 0x9E3779B97F4A7C15 ^ _b) + 0x9E3779B97F4A7C15 ^ _c) + 0x9E3779B97F4A7C15 ^ _d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Packed4 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is Packed4 other && Equals(other);

    public override int GetHashCode() => (int)Hash();
}
