using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>Slots in the order in which they were added, and how many there are: published together.</summary>
internal sealed class SlotTable(int capacity)
{
    /// <summary>The slots; entries from <see cref="Count"/> on are null.</summary>
    public Slot[] Slots { get; } = new Slot[capacity];

    /// <summary>How many entries may be read; grows only.</summary>
    public Cell Count { get; } = new PaddedCell(0);
}
