namespace Lazykick.Checking.Compilation;

/// <summary>A stretch of bits in a packed state: one variable, program counter or flag.</summary>
internal sealed class Field(int id, string name, int low, int high)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Smallest value; stored as 0.</summary>
    public int Low { get; } = low;

    /// <summary>Largest value.</summary>
    public int High { get; private set; } = high;

    public int Word { get; set; }

    public int Shift { get; set; }

    public int Width => High == Low ? 0 : 32 - int.LeadingZeroCount(High - Low);

    public ulong Mask => Width == 0 ? 0 : ((1UL << Width) - 1) << Shift;

    /// <summary>Makes room for values up to <paramref name="value"/>: program counters are counted last.</summary>
    public void GrowTo(int value) => High = Math.Max(High, value);

    public int Read(ReadOnlySpan<ulong> state)
        => Width == 0 ? Low : (int)(state[Word] >> Shift & ((1UL << Width) - 1)) + Low;

    public void Write(Span<ulong> state, int value)
        => state[Word] = state[Word] & ~Mask | (ulong)(value - Low) << Shift;

    public override string ToString() => Name;
}
