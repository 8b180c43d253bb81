namespace Lazykick.Diagnostics;

/// <summary>What is observed of a domain whenever a listener asks.</summary>
internal interface IObservedDomain
{
    /// <summary>The domain's number in this process.</summary>
    long Id { get; }

    /// <summary>The domain's name.</summary>
    string Name { get; }

    /// <summary>Retired resources whose callbacks have not run yet.</summary>
    long PendingCount { get; }

    /// <summary>Bytes that they hold.</summary>
    long PendingBytes { get; }

    /// <summary>Writers that wait for room.</summary>
    int BlockedWriters { get; }

    /// <summary>Versions of hot swaps that are open.</summary>
    long OpenVersions { get; }

    /// <summary>Bytes that those hold.</summary>
    long OpenVersionBytes { get; }

    /// <summary>Threads that are registered.</summary>
    int RegisteredThreads { get; }

    /// <summary>Threads that are in a read scope or an active region.</summary>
    int ActiveThreads { get; }
}
