using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// A state of twice the size: <c>Pair&lt;Word&gt;</c> has 128 bits, <c>Pair&lt;Pair&lt;Word&gt;&gt;</c> 256.
/// </summary>
internal readonly struct Pair<T>(T low, T high) : IPacked<Pair<T>>
    where T : unmanaged, IPacked<T>
{
    private readonly T _low = low;
    private readonly T _high = high;

    public static int Words => 2 * T.Words;

    public static Pair<T> From(ReadOnlySpan<ulong> words)
    {
        var half = Math.Min(words.Length, T.Words);
        return new(T.From(words[..half]), T.From(words[half..]));
    }

    public void CopyTo(Span<ulong> words)
    {
        var half = Math.Min(words.Length, T.Words);
        _low.CopyTo(words[..half]);
        _high.CopyTo(words[half..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Replace(in Pair<T> state, in Pair<T> written, in Pair<T> value) =>
        new(T.Replace(state._low, written._low, value._low), T.Replace(state._high, written._high, value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> And(in Pair<T> state, in Pair<T> mask) =>
        new(T.And(state._low, mask._low), T.And(state._high, mask._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAll(in Pair<T> state, in Pair<T> mask) =>
        T.HasAll(state._low, mask._low) && T.HasAll(state._high, mask._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extract(in Pair<T> state, in Pair<T> mask)
    {
        var width = T.Count(mask._low);
        var low = width == 0 ? 0 : T.Extract(state._low, mask._low);
        return T.Count(mask._high) == 0 ? low : low | T.Extract(state._high, mask._high) << width;
    }

    public static int Count(in Pair<T> mask) => T.Count(mask._low) + T.Count(mask._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Word64(int index) => index < T.Words ? _low.Word64(index) : _high.Word64(index - T.Words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash() => Bits.Mix(_low.Hash() + 0x9E3779B97F4A7C15 ^ _high.Hash());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Pair<T> other) => _low.Equals(other._low) && _high.Equals(other._high);

    public override bool Equals(object? obj) => obj is Pair<T> other && Equals(other);

    public override int GetHashCode() => (int)Hash();
}
