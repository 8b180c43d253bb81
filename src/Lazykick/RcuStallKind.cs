namespace Lazykick;

/// <summary>What does not end.</summary>
public enum RcuStallKind
{
    /// <summary>A grace period: a reader has not left its scope.</summary>
    GracePeriod = 0,

    /// <summary>A callback of a retired resource: everything retired after it waits.</summary>
    Callback = 1,

    /// <summary>A writer in <see cref="RcuDomain.WaitForRoom"/>: the queue stays above its limits.</summary>
    Writer = 2,

    /// <summary>The disposal of the domain: a reader has not left its scope.</summary>
    Dispose = 3,
}
