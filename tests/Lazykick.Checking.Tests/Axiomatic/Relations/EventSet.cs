namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>A set of at most 128 effects, a bit each.</summary>
internal readonly record struct EventSet(UInt128 Bits)
{
    internal static EventSet Empty => default;

    internal bool this[int effect] => (Bits >> effect & 1) != 0;

    internal static EventSet Of(int effect) => new(UInt128.One << effect);

    public static EventSet operator |(EventSet left, EventSet right) => new(left.Bits | right.Bits);

    public static EventSet operator &(EventSet left, EventSet right) => new(left.Bits & right.Bits);

    /// <summary>What is in the left set only.</summary>
    public static EventSet operator -(EventSet left, EventSet right) => new(left.Bits & ~right.Bits);
}
