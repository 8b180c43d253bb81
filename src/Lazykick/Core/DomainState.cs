namespace Lazykick.Core;

/// <summary>The values of <see cref="DomainCore{TMemory}.Closed"/>; they only go up.</summary>
internal static class DomainState
{
    /// <summary>Threads may leave EQS.</summary>
    public const long Open = 0;

    /// <summary>No thread leaves EQS any more, callbacks apart; Dispose waits for those that are out of it.</summary>
    public const long Closing = 1;

    /// <summary>Everything retired has run; nobody reads.</summary>
    public const long Closed = 2;
}
