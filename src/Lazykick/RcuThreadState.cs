namespace Lazykick;

/// <summary>Where a registered thread is.</summary>
public enum RcuThreadState
{
    /// <summary>In an extended quiescent state: it holds no protected reference and delays nobody.</summary>
    ExtendedQuiescent = 0,

    /// <summary>In a read scope or an active region: a grace period waits for it.</summary>
    Active = 1,
}
