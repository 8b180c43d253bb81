namespace Lazykick.Traces.Pricing;

/// <summary>
/// How much one decision about a CPU says of the next one: kicks come in bursts, and those of a burst find their target
/// in the same state.
/// </summary>
internal struct DecisionRuns
{
    private long _count;
    private long _sent;
    private long _sentTwice;
    private bool _first;
    private bool _last;

    /// <summary>The next decision.</summary>
    public void Add(bool sends)
    {
        if (_count++ == 0)
            _first = sends;
        else if (sends && _last)
            _sentTwice++;
        _sent += sends ? 1 : 0;
        _last = sends;
    }

    /// <summary>
    /// Decisions that are worth one independent one: (1 + r) / (1 - r) for the correlation r of neighbours, at most 10.
    /// Never below 1: what looks like alternation in a short trace makes no prediction sharper.
    /// </summary>
    public readonly double Dependence
    {
        get
        {
            if (_sent == 0 || _sent == _count)
                return 1;
            var share = (double)_sent / _count;
            var pairs = _count - 1;
            var ends = (_first ? 1 : 0) + (_last ? 1 : 0);
            var covariance = _sentTwice - (share * ((2 * _sent) - ends)) + (pairs * share * share);
            var correlation = covariance / (pairs * share * (1 - share));
            return Math.Clamp((1 + correlation) / (1 - correlation), 1, 10);
        }
    }
}
