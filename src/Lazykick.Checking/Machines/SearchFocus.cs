using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A search for less than the whole space: its answers are "violated", or nothing.</summary>
/// <param name="StopAt">Bits of properties: the search ends, as if cancelled, where one of them is violated.</param>
/// <param name="Takes">The moves that are looked at; null: all. What they reach is part of the space, so that what they
/// violate is violated.</param>
internal sealed record SearchFocus(uint StopAt, Func<Move, bool>? Takes)
{
    /// <summary>The whole space.</summary>
    public static SearchFocus Nothing { get; } = new(0, null);
}
