using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>A state of up to 64 bits.</summary>
internal readonly struct Word(ulong bits) : IPacked<Word>
{
    private readonly ulong _bits = bits;

    public static int Words => 1;

    public static Word From(ReadOnlySpan<ulong> words) => new(words.Length > 0 ? words[0] : 0);

    public void CopyTo(Span<ulong> words)
    {
        if (words.Length > 0)
            words[0] = _bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word Replace(in Word state, in Word written, in Word value) =>
        new(state._bits & ~written._bits | value._bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word And(in Word state, in Word mask) => new(state._bits & mask._bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAll(in Word state, in Word mask) => (~state._bits & mask._bits) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(in Word state, in Word mask) => Bits.Extract(state._bits, mask._bits);

    public static int Count(in Word mask) => BitOperations.PopCount(mask._bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Word64(int index) => _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash() => Bits.Mix(_bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Word other) => _bits == other._bits;

    public override bool Equals(object? obj) => obj is Word other && Equals(other);

    public override int GetHashCode() => (int)Hash();
}
