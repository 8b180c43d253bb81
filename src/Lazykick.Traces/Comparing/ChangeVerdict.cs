namespace Lazykick.Traces.Comparing;

/// <summary>What two recordings show of a rate.</summary>
public enum ChangeVerdict
{
    /// <summary>The difference is not more than chance.</summary>
    NotShown,

    /// <summary>The whole interval lies below no change.</summary>
    Fewer,

    /// <summary>The whole interval lies above no change.</summary>
    More,

    /// <summary>One of the recordings does not tell.</summary>
    CannotTell,
}
