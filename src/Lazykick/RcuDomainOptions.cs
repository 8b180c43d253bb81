using Lazykick.Core;

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
    /// After how long a grace period that is waited for, a callback that runs, or a writer that waits for room is
    /// reported as stalled, and again after each further such time. Zero or less switches the reports off.
    /// </summary>
    /// <value>The default is 21 seconds, as in the Linux kernel (CONFIG_RCU_CPU_STALL_TIMEOUT).</value>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(21);

    /// <summary>
    /// Called when something stalls: on the thread that waits for the grace period; on a pool thread for the other
    /// kinds. It must not throw. The same report goes to the event source <c>Lazykick</c> in any case.
    /// </summary>
    /// <value>The default is none.</value>
    public Action<RcuStall>? OnStall { get; set; }

    /// <summary>
    /// Called when a callback of a retired resource throws, on the reclaimer thread; the callbacks behind it run all
    /// the same. Also when a listener of the domain's metrics throws, on the thread that measured: what was measured
    /// has happened, and the call that did it does not fail. It must not throw.
    /// </summary>
    /// <value>
    /// The default is none: then the exception is thrown on a pool thread and ends the process, like that of a timer's
    /// callback.
    /// </value>
    public Action<Exception>? OnCallbackException { get; set; }

    /// <summary>
    /// How many retired resources may wait. At the limit <see cref="OnPressure"/> is called and
    /// <see cref="RcuDomain.WaitForRoom"/> waits; <c>Retire</c> never does.
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

    /// <summary>How many bytes retired resources may hold, as their retirers said; a limit of the same kind.</summary>
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

    /// <summary>
    /// Called on a pool thread when the queue of retired resources comes to one of its limits, and again only after it
    /// has been below half of them. It must not throw. An event of the source <c>Lazykick</c> and a metric tell the
    /// same.
    /// </summary>
    /// <value>The default is none.</value>
    public Action<RcuPressure>? OnPressure { get; set; }

    /// <summary>
    /// How often the reclaimer looks for retired resources by itself. With zero, the first one of a batch wakes it,
    /// which costs its retirer a system call. Above zero retiring wakes nobody, resources are freed up to that much
    /// later, and the reclaimer stays until the domain is disposed.
    /// </summary>
    /// <value>At least zero; the default is zero.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above one hour.</exception>
    public TimeSpan ReclaimInterval
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    }

    /// <summary>The name of the reclaimer thread.</summary>
    /// <value>The default, null, is <c>Lazykick reclaimer</c> and the domain's name.</value>
    public string? ReclaimerName { get; set; }

    /// <summary>The priority of the reclaimer thread. A reclaimer that does not get to run frees nothing.</summary>
    /// <value>The default is <see cref="ThreadPriority.Normal"/>.</value>
    public ThreadPriority ReclaimerPriority { get; set; } = ThreadPriority.Normal;

    /// <summary>
    /// The CPUs that the reclaimer may run on: the housekeeping ones, on a machine with isolated CPUs. Linux, and
    /// Windows for CPUs below 64. If the system refuses, an event of the source <c>Lazykick</c> says so and the
    /// reclaimer runs anywhere.
    /// </summary>
    /// <value>Numbers from 0 to 4,095; the default, none, leaves it to the system.</value>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public IReadOnlyList<int> ReclaimerCpus
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var cpu in value)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(cpu, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(cpu, 4_095, nameof(value));
            }

            field = value;
        }
    } = [];

    /// <summary>
    /// How long <see cref="RcuDomain.Dispose()"/> waits for readers and callbacks before it gives up; also
    /// <see cref="HotSwap{T}.Dispose"/> and <see cref="MappedFileSlot.Dispose"/>.
    /// </summary>
    /// <value>At least zero, or <see cref="Timeout.InfiniteTimeSpan"/>; the default is 30 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan DisposeTimeout
    {
        get;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            }

            field = value;
        }
    } = TimeSpan.FromSeconds(30);

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

    /// <summary>What the core needs of these, as of now.</summary>
    internal DomainSettings ToSettings() =>
        new()
        {
            TimeProvider = TimeProvider,
            StallTimeout = StallTimeout,
            MaxPending = MaxPending,
            MaxPendingBytes = MaxPendingBytes,
            ReclaimInterval = ReclaimInterval,
        };
}
