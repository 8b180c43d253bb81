using System.Numerics;

namespace Lazykick.Traces.Totals;

/// <summary>
/// Counts by magnitude, in constant memory: quantiles of what was added, to within a fixed share of their value. Adding
/// allocates nothing.
/// </summary>
/// <param name="precision">
/// Bits that are told apart below the highest: 3 for eight buckets to an octave (12 % of the value at most), 6 for 64
/// (1.6 %). Smaller values than so many buckets are exact.
/// </param>
public sealed class LogHistogram(int precision = 3)
{
    private readonly int _ofOctave = 1 << precision;
    private readonly long[] _counts = new long[(64 - precision + 1) << precision];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>The largest; 0 without values.</summary>
    public ulong Largest { get; private set; }

    /// <summary>Adds a value.</summary>
    /// <param name="value">The value.</param>
    public void Add(ulong value)
    {
        Count++;
        Largest = Math.Max(Largest, value);
        _counts[Bucket(value)]++;
    }

    /// <summary>
    /// Where the value lies that this share of all values does not exceed: the edges of its bucket, of which it may be
    /// either; 0 without values.
    /// </summary>
    /// <param name="share">From 0 to 1.</param>
    public ValueRange Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length && rank < Count; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
                return new ValueRange(LowerEnd(bucket), Math.Min(UpperEnd(bucket), Largest));
        }

        // The largest is known as it is.
        return new ValueRange(Largest, Largest);
    }

    private int Bucket(ulong value)
    {
        if (value < (ulong)_ofOctave)
            return (int)value;
        var octave = BitOperations.Log2(value) - precision;
        return (octave << precision) + (int)(value >> octave);
    }

    private ulong LowerEnd(int bucket) => bucket == 0 ? 0 : UpperEnd(bucket - 1) + 1;

    private ulong UpperEnd(int bucket)
    {
        if (bucket < _ofOctave)
            return (ulong)bucket;
        var octave = (bucket >> precision) - 1;
        var part = (ulong)(bucket - (octave << precision));
        return ((part + 1) << octave) - 1;
    }
}
