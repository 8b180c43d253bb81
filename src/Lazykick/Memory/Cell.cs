using System.Runtime.CompilerServices;

namespace Lazykick.Memory;

/// <summary>
/// A shared 64-bit word on cache lines of its own: 120 bytes lie before it, and the sealed classes below put as many
/// behind it, so that neither the line nor its neighbour, which x86 prefetches in pairs, is shared with another object.
/// </summary>
internal abstract class Cell(long value) : CellPadding
{
    /// <summary>The word; the protocol touches it through <see cref="ISharedMemory"/> only.</summary>
    public long Value = value;
}

/// <summary>
/// Fields of a base class lie before those of the derived one; that makes this the padding in front.
/// </summary>
internal abstract class CellPadding
{
#pragma warning disable CA1823, IDE0051, CS0169 // Unused on purpose: it takes up room.
    private readonly Padding _before;
#pragma warning restore CA1823, IDE0051, CS0169
}

/// <summary>A <see cref="Cell"/> that nothing else is laid out with.</summary>
internal sealed class PaddedCell(long value) : Cell(value)
{
#pragma warning disable CA1823, IDE0051, CS0169 // Unused on purpose: it takes up room.
    private readonly Padding _after;
#pragma warning restore CA1823, IDE0051, CS0169
}

/// <summary>120 bytes of nothing.</summary>
[InlineArray(15)]
internal struct Padding
{
    private long _word;
}
