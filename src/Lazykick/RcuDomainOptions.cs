namespace Lazykick;

/// <summary>Settings of an <see cref="RcuDomain"/>; read once, when it is created.</summary>
public sealed class RcuDomainOptions
{
    /// <summary>The domain's name in metrics, events, the debugger and the name of its reclaimer thread.</summary>
    /// <value>The default is <c>"rcu"</c>.</value>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string Name
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = "rcu";

    /// <summary>
    /// After how long a waiting grace period is reported as stalled, and again after each further such time.
    /// Zero or less switches the reports off.
    /// </summary>
    /// <value>The default is 21 seconds, as in the Linux kernel (CONFIG_RCU_CPU_STALL_TIMEOUT).</value>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(21);

    /// <summary>
    /// Called when a grace period stalls, on the thread that waits for it. It must not throw. The same report goes to
    /// the
    /// event source <c>Lazykick</c> in any case.
    /// </summary>
    /// <value>The default is none.</value>
    public Action<RcuStall>? OnStall { get; set; }

    /// <summary>
    /// Called when a callback of a retired resource throws, on the reclaimer thread; the callbacks behind it run all
    /// the
    /// same. It must not throw.
    /// </summary>
    /// <value>
    /// The default is none: then the exception is thrown on a pool thread and ends the process, like that of a timer's
    /// callback.
    /// </value>
    public Action<Exception>? OnCallbackException { get; set; }

    /// <summary>
    /// How many retired resources may wait; above it <c>Retire</c> blocks until there is room, except where the caller
    /// is
    /// active in this domain or is itself a callback and so would wait for itself.
    /// </summary>
    /// <value>At least 1; the default is 65,536.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxPending
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 65_536;

    /// <summary>
    /// How many bytes retired resources may hold, as their retirers said; above it <c>Retire</c> blocks likewise.
    /// </summary>
    /// <value>At least 1; the default is 256 MiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long MaxPendingBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 256L << 20;

    /// <summary>The clock of stall reports.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;
}
