namespace Lazykick.Checking.Moves;

/// <summary>A stretch of bits in a packed state: one variable, program counter or flag.</summary>
internal sealed class Field(int id, string name, int low, int high)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Smallest value; stored as 0.</summary>
    public int Low { get; private set; } = low;

    /// <summary>Largest value.</summary>
    public int High { get; private set; } = high;

    public int Word { get; private set; }

    public int Shift { get; private set; }

    public int Width { get; private set; } = WidthOf(low, high);

    /// <summary>The field's bits within its word.</summary>
    public ulong Mask { get; private set; }

    /// <summary>Makes room for values up to <paramref name="value"/>: program counters are counted last.</summary>
    public void GrowTo(int value)
    {
        High = Math.Max(High, value);
        Width = WidthOf(Low, High);
    }

    /// <summary>Takes the field's bits away: it never has another value than this.</summary>
    public void Fix(int value)
    {
        Low = High = value;
        Width = 0;
        Put(0, 0);
    }

    /// <summary>Gives the field its place in a state.</summary>
    public void Put(int word, int shift)
    {
        Word = word;
        Shift = shift;
        Mask = Width == 0 ? 0 : ((1UL << Width) - 1) << shift;
    }

    public int Read(ReadOnlySpan<ulong> state) => Width == 0 ? Low : Read(state[Word]);

    /// <summary>The value in the word that holds the field.</summary>
    public int Read(ulong word) => (int)((word & Mask) >> Shift) + Low;

    public void Write(Span<ulong> state, int value)
    {
        if (Width > 0)
            state[Word] = state[Word] & ~Mask | (ulong)(value - Low) << Shift;
    }

    public override string ToString() => Name;

    private static int WidthOf(int low, int high) => high == low ? 0 : 32 - int.LeadingZeroCount(high - low);
}
