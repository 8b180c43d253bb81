using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// What the retired resources hold together. What one holds is its retirer's word, so the exact sum may exceed a long:
/// upper and lower halves are added up apart, and neither sum can overflow.
/// </summary>
internal sealed class RetiredBytes<TMemory>
    where TMemory : struct, ISharedMemory
{
    private const int HalfBits = 32;

    private readonly PaddedCell _lower = new(0);
    private readonly PaddedCell _upper = new(0);

    /// <summary>The sum; at most what a long holds.</summary>
    public long Total
    {
        get
        {
            var lower = TMemory.Look(_lower);
            var upper = TMemory.Look(_upper);
            return upper > (long.MaxValue - lower) >> HalfBits ? long.MaxValue : (upper << HalfBits) + lower;
        }
    }

    /// <summary>A resource has come.</summary>
    public void Add(long bytes) => AddHalves(LowerOf(bytes), UpperOf(bytes));

    /// <summary>Resources have gone whose halves add up to this.</summary>
    public void Subtract(long lower, long upper) => AddHalves(-lower, -upper);

    public static long LowerOf(long bytes) => bytes & uint.MaxValue;

    public static long UpperOf(long bytes) => bytes >> HalfBits;

    private void AddHalves(long lower, long upper)
    {
        if (lower != 0)
        {
            TMemory.AddFull(_lower, lower);
        }

        if (upper != 0)
        {
            TMemory.AddFull(_upper, upper);
        }
    }
}
