namespace Lazykick.Checking.Moves;

/// <summary>What a number that is 0 or more does with a constant.</summary>
internal enum Scaling
{
    /// <summary>Multiplied.</summary>
    Times,

    /// <summary>Divided, without the remainder.</summary>
    Over,

    /// <summary>The remainder of the division.</summary>
    Remainder,
}
