namespace Lazykick.Auditing.Walking;

/// <summary>Which way an atomic on the state takes the CPU, by the function that called for it.</summary>
internal enum Direction
{
    /// <summary>Not told: it toggles.</summary>
    Unknown,

    /// <summary>Out of the EQS.</summary>
    Out,

    /// <summary>Into the EQS.</summary>
    Into,
}
