using System.Numerics;

namespace Lazykick.Cli.Demo;

/// <summary>
/// Durations in nanoseconds: exact below 1,024, above it to within 1/64 of their value. Adding allocates nothing.
/// </summary>
internal sealed class GapHistogram
{
    private const int Exact = 1024;
    private const int PerOctave = 64;
    private const int FirstOctave = 10;

    private readonly long[] _counts = new long[Exact + ((64 - FirstOctave) * PerOctave)];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(long nanoseconds)
    {
        Count++;
        _counts[Index(Math.Max(0, nanoseconds))]++;
    }

    /// <summary>The duration below or at which the given share of all lies; 0 if there are none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public long Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return LowerBound(i);
        }

        return 0;
    }

    private static int Index(long value)
    {
        if (value < Exact)
            return (int)value;
        var octave = BitOperations.Log2((ulong)value);
        return Exact + ((octave - FirstOctave) * PerOctave) + (int)((value >> (octave - 6)) - PerOctave);
    }

    private static long LowerBound(int index)
    {
        if (index < Exact)
            return index;
        var octave = ((index - Exact) / PerOctave) + FirstOctave;
        return (long)(PerOctave + ((index - Exact) % PerOctave)) << (octave - 6);
    }
}
