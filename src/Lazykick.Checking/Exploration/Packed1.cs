using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A state of up to 64 bits.</summary>
internal readonly struct Packed1(ulong a) : IPacked<Packed1>
{
    private readonly ulong _a = a;

    public static Packed1 From(ReadOnlySpan<ulong> words) => new(words[0]);

    public void CopyTo(Span<ulong> words)
    {
        words[0] = _a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed1 Replace(in Packed1 state, in Packed1 written, in Packed1 value)
        => new(state._a & ~written._a | value._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAll(in Packed1 state, in Packed1 mask)
        => ((~state._a & mask._a)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(in Packed1 state, in Packed1 mask)
        => Bits.Extract(state._a, mask._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash() => Bits.Mix(_a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Packed1 other) => _a == other._a;

    public override bool Equals(object? obj) => obj is Packed1 other && Equals(other);

    public override int GetHashCode() => (int)Hash();
}
