namespace Lazykick.Memory;

/// <summary>How long a wait has been going on.</summary>
internal struct PauseState
{
    /// <summary>Pauses so far.</summary>
    public int Count;

    /// <summary>Whether the wait has left the spinning phase, so that expensive checks are worth while.</summary>
    public bool IsLong;
}
