using System.Numerics;

namespace Lazykick.Traces.Totals;

/// <summary>
/// Counts by magnitude, eight buckets to an octave: quantiles within 9 % of the value in constant memory.
/// </summary>
internal sealed class LogHistogram
{
    private const int BucketsOfOctave = 8;

    private readonly int[] _counts = new int[64 * BucketsOfOctave];

    public long Count { get; private set; }

    public ulong Largest { get; private set; }

    public void Add(ulong value)
    {
        Count++;
        Largest = Math.Max(Largest, value);
        _counts[Bucket(value)]++;
    }

    /// <summary>
    /// The value that this share of all values does not exceed, as the upper end of its bucket; 0 without values.
    /// </summary>
    public ulong Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
                return Math.Min(UpperEnd(bucket), Largest);
        }

        return Largest;
    }

    private static int Bucket(ulong value)
    {
        if (value < BucketsOfOctave)
            return (int)value;
        var octave = BitOperations.Log2(value);
        return ((octave - 2) * BucketsOfOctave) + (int)((value >> (octave - 3)) & (BucketsOfOctave - 1));
    }

    private static ulong UpperEnd(int bucket)
    {
        if (bucket < BucketsOfOctave)
            return (ulong)bucket;
        var octave = (bucket / BucketsOfOctave) + 2;
        var part = (ulong)(bucket % BucketsOfOctave) + BucketsOfOctave;
        return ((part + 1) << (octave - 3)) - 1;
    }
}
