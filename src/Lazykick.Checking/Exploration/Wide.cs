using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// A state of many words: loops over them where <see cref="Pair{T}"/> has straight code, which takes longer to compile
/// than such searches mostly last. <typeparamref name="TStore"/> only says how much room there is.
/// </summary>
internal struct Wide<TStore> : IPacked<Wide<TStore>>
    where TStore : unmanaged
{
    private TStore _store;

    public static int Words => Unsafe.SizeOf<TStore>() / sizeof(ulong);

    public static Wide<TStore> From(ReadOnlySpan<ulong> words)
    {
        var state = default(Wide<TStore>);
        words.CopyTo(Mutable(ref state));
        return state;
    }

    public readonly void CopyTo(Span<ulong> words) => All(in this)[..Math.Min(Words, words.Length)].CopyTo(words);

    public static Wide<TStore> Replace(in Wide<TStore> state, in Wide<TStore> written, in Wide<TStore> value)
    {
        var result = state;
        for (var i = 0; i < Words; i++)
            Mutable(ref result)[i] = All(in state)[i] & ~All(in written)[i] | All(in value)[i];
        return result;
    }

    public static Wide<TStore> And(in Wide<TStore> state, in Wide<TStore> mask)
    {
        var result = state;
        for (var i = 0; i < Words; i++)
            Mutable(ref result)[i] &= All(in mask)[i];
        return result;
    }

    public static bool HasAll(in Wide<TStore> state, in Wide<TStore> mask)
    {
        for (var i = 0; i < Words; i++)
        {
            if ((~All(in state)[i] & All(in mask)[i]) != 0)
                return false;
        }

        return true;
    }

    public static ulong Extract(in Wide<TStore> state, in Wide<TStore> mask)
    {
        ulong result = 0;
        var width = 0;
        for (var i = 0; i < Words; i++)
        {
            if (All(in mask)[i] is var bits && bits == 0)
                continue;
            result |= Bits.Extract(All(in state)[i], bits) << width;
            width += BitOperations.PopCount(bits);
        }

        return result;
    }

    public static int Count(in Wide<TStore> mask)
    {
        var count = 0;
        foreach (var word in All(in mask))
            count += BitOperations.PopCount(word);
        return count;
    }

    public readonly ulong Word64(int index) => All(in this)[index];

    public readonly ulong Hash()
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var word in All(in this))
            hash = (BitOperations.RotateLeft(hash, 23) ^ word) * 0xD6E8FEB86659FD93UL;
        return Bits.Mix(hash);
    }

    public readonly bool Equals(Wide<TStore> other) => All(in this).SequenceEqual(All(in other));

    public override readonly bool Equals(object? obj) => obj is Wide<TStore> other && Equals(other);

    public override readonly int GetHashCode() => (int)Hash();

    private static ReadOnlySpan<ulong> All(in Wide<TStore> state) => Mutable(ref Unsafe.AsRef(in state));

    private static Span<ulong> Mutable(ref Wide<TStore> state) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<TStore, ulong>(ref state._store), Words);
}
