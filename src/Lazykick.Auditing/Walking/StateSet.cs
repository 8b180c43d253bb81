namespace Lazykick.Auditing.Walking;

/// <summary>A set of states, a bit each.</summary>
internal readonly record struct StateSet(int Bits)
{
    /// <summary>The states in which RCU watches.</summary>
    public static readonly StateSet Watching =
        Of(RcuState.Fresh)
        | Of(RcuState.AfterDsb)
        | Of(RcuState.AfterIsb)
        | Of(RcuState.AfterBoth)
        | Of(RcuState.Watching)
        | Of(RcuState.Nested);

    public bool IsEmpty => Bits == 0;

    public static StateSet Of(RcuState state) => new(1 << (int)state);

    public static StateSet operator |(StateSet left, StateSet right) => new(left.Bits | right.Bits);

    public static StateSet operator &(StateSet left, StateSet right) => new(left.Bits & right.Bits);

    /// <summary>The states in ascending order.</summary>
    public IEnumerable<RcuState> All()
    {
        for (var state = 0; Bits >> state != 0; state++)
        {
            if ((Bits >> state & 1) != 0)
            {
                yield return (RcuState)state;
            }
        }
    }
}
