namespace Lazykick.Traces.Comparing;

/// <summary>
/// How much events come together: variance over mean of their number in equal slices of time. The slices are doubled
/// when there are too many, so that memory does not grow with the trace.
/// </summary>
public sealed class Bursts
{
    private const int MostSlices = 2048;

    private readonly long[] _slices = new long[MostSlices];
    private ulong _start;
    private ulong _length;
    private int _last = -1;

    /// <param name="slice">Length of the first slices, in units of the clock.</param>
    public Bursts(ulong slice)
    {
        ArgumentOutOfRangeException.ThrowIfZero(slice);
        _length = slice;
    }

    /// <summary>An event; times may go back a little.</summary>
    public void Add(ulong time)
    {
        if (_last < 0)
            _start = time;
        var at = (time - Math.Min(time, _start)) / _length;
        while (at >= MostSlices)
        {
            Double();
            at = (time - _start) / _length;
        }

        _slices[at]++;
        _last = Math.Max(_last, (int)at);
    }

    /// <summary>
    /// Variance over mean between the first and the last event; 1 where there are too few slices to say.
    /// </summary>
    public double Dispersion
    {
        get
        {
            var count = _last + 1;
            if (count < 10)
                return 1;
            var mean = (double)_slices.Take(count).Sum() / count;
            var variance = _slices.Take(count).Sum(slice => (slice - mean) * (slice - mean)) / (count - 1);
            return variance / mean;
        }
    }

    private void Double()
    {
        for (var slice = 0; slice < MostSlices; slice++)
        {
            _slices[slice] = slice < MostSlices / 2 ? _slices[2 * slice] + _slices[(2 * slice) + 1] : 0;
        }

        _length *= 2;
        _last /= 2;
    }
}
