using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>How the numbers of a state's parts are packed into one word.</summary>
internal sealed class KeyLayout
{
    private const int WordBits = 64;

    private readonly int[] _shifts;
    private readonly ulong[] _masks;

    /// <summary>A layout.</summary>
    /// <param name="widths">Bits of each part.</param>
    /// <exception cref="NotSupportedException">They take more than one word.</exception>
    public KeyLayout(int[] widths)
    {
        _shifts = new int[widths.Length];
        _masks = [.. widths.Select(w => (1UL << w) - 1)];
        for (var part = 0; part < widths.Length; part++)
        {
            _shifts[part] = Bits;
            Bits += widths[part];
        }

        if (Bits > WordBits)
        {
            throw new NotSupportedException(
                $"the parts of a state take {Bits} bits together; at most {WordBits} are supported"
            );
        }
    }

    /// <summary>Bits of each part.</summary>
    public IReadOnlyList<int> Widths => [.. _masks.Select(BitOperations.PopCount)];

    /// <summary>Bits in use.</summary>
    public int Bits { get; }

    /// <summary>The layout with room for these numbers of parts, and for more.</summary>
    /// <param name="counts">Numbers of parts.</param>
    /// <param name="spare">Bits that each part gets beyond what it needs; fewer where the word is full.</param>
    public static KeyLayout For(IReadOnlyList<int> counts, int spare)
    {
        var needed = counts.Select(c => BitOperations.Log2((uint)Math.Max(1, c)) + 1).ToArray();
        var free = Math.Max(0, WordBits - needed.Sum()) / needed.Length;
        return new KeyLayout([.. needed.Select(n => n + Math.Min(spare, free))]);
    }

    /// <summary>Is there room for the number of a part?</summary>
    public bool Fits(int part, int number) => (ulong)(uint)number <= _masks[part];

    /// <summary>A part's number, where it is in a key.</summary>
    public ulong At(int part, int number) => (ulong)(uint)number << _shifts[part];

    /// <summary>The number of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(ulong key, int part) => (int)(key >> _shifts[part] & _masks[part]);
}
