using System.Diagnostics.Metrics;

namespace Lazykick.Diagnostics;

/// <summary>
/// The instruments of the meter <c>Lazykick</c>, shared by all domains. Each measurement carries the tags
/// <c>lazykick.domain.name</c> and <c>lazykick.domain.id</c>. With no listener a counter costs one test of a flag.
/// </summary>
/// <remarks>
/// The meter and the event source live as long as there is a domain that has not been disposed. If they lived for ever
/// they would keep a collectible load context in memory that has used a domain.
/// </remarks>
#pragma warning disable CA1001 // The last user disposes the meter: see Remove.
internal sealed class RcuMetrics
#pragma warning restore CA1001
{
    public const string MeterName = "Lazykick";
    public const string NameTag = "lazykick.domain.name";
    public const string IdTag = "lazykick.domain.id";
    public const string KindTag = "lazykick.kick.kind";
    public const string StallTag = "lazykick.stall.kind";

    private static readonly Lock Gate = new();
    private static RcuMetrics? _shared;
    private static long _lastId;

    private readonly Meter _meter;
    private readonly Dictionary<long, WeakReference<IObservedDomain>> _domains = [];

    // Domains that were not disposed leave dead entries; they are swept out whenever the table has doubled.
    private int _sweepAt = 64;
    private int _users;

    private RcuMetrics()
    {
        _meter = new Meter(MeterName, typeof(RcuMetrics).Assembly.GetName().Version?.ToString(3));
        Kicks = _meter.CreateCounter<long>(
            "lazykick.kicks",
            "{kick}",
            "Kicks, by what they had to do: skipped or broadcast."
        );
        GracePeriods = _meter.CreateCounter<long>(
            "lazykick.grace_periods",
            "{grace_period}",
            "Grace periods that were waited for to their end."
        );
        GracePeriodDuration = _meter.CreateHistogram<double>(
            "lazykick.grace_period.duration",
            "s",
            "How long a grace period was waited for."
        );
        Stalls = _meter.CreateCounter<long>(
            "lazykick.stalls",
            "{report}",
            "Reports of something that did not end within the stall timeout, by kind."
        );
        Reaped = _meter.CreateCounter<long>(
            "lazykick.threads.reaped",
            "{thread}",
            "Threads that ended in a read scope, or without disposing their registration."
        );
        CallbackExceptions = _meter.CreateCounter<long>(
            "lazykick.callback.exceptions",
            "{exception}",
            "Callbacks of retired resources that threw."
        );
        Pressure = _meter.CreateCounter<long>(
            "lazykick.retired.limit_hits",
            "{hit}",
            "How often the queue of retired resources came to a limit."
        );
        Observe(
            "lazykick.retired.pending",
            "{callback}",
            static domain => domain.PendingCount,
            "Retired resources whose callbacks have not run yet."
        );
        Observe(
            "lazykick.retired.size",
            "By",
            static domain => domain.PendingBytes,
            "Bytes that retired resources hold, as their retirers said."
        );
        Observe(
            "lazykick.writers.blocked",
            "{writer}",
            static domain => domain.BlockedWriters,
            "Writers that wait for room in the queue of retired resources."
        );
        Observe(
            "lazykick.versions.open",
            "{version}",
            static domain => domain.OpenVersions,
            "Versions of HotSwap and MappedFileSlot that are open: current ones, and old ones with readers or pins."
        );
        Observe(
            "lazykick.versions.size",
            "By",
            static domain => domain.OpenVersionBytes,
            "Bytes that open versions hold."
        );
        Observe(
            "lazykick.threads.registered",
            "{thread}",
            static domain => domain.RegisteredThreads,
            "Threads that are registered."
        );
        Observe(
            "lazykick.threads.active",
            "{thread}",
            static domain => domain.ActiveThreads,
            "Threads that are in a read scope or an active region."
        );
    }

    public RcuEventSource Events { get; } = new();

    public Counter<long> Kicks { get; }

    public Counter<long> GracePeriods { get; }

    public Histogram<double> GracePeriodDuration { get; }

    public Counter<long> Stalls { get; }

    public Counter<long> Reaped { get; }

    public Counter<long> CallbackExceptions { get; }

    public Counter<long> Pressure { get; }

    /// <summary>The instruments, and a number for a new domain; <see cref="Remove"/> gives them back.</summary>
    public static RcuMetrics Share(out long id)
    {
        lock (Gate)
        {
            id = ++_lastId;
            _shared ??= new RcuMetrics();
            _shared._users++;
            return _shared;
        }
    }

    /// <summary>Includes a domain in what is observed for as long as it lives.</summary>
    public void Add(IObservedDomain domain)
    {
        lock (_domains)
        {
            if (_domains.Count >= _sweepAt)
            {
                foreach (var (id, reference) in _domains)
                {
                    if (!reference.TryGetTarget(out _))
                    {
                        _domains.Remove(id);
                    }
                }

                _sweepAt = Math.Max(64, 2 * _domains.Count);
            }

            _domains.Add(domain.Id, new WeakReference<IObservedDomain>(domain));
        }
    }

    /// <summary>Leaves a domain out again, once; the last one ends the meter.</summary>
    public void Remove(IObservedDomain domain)
    {
        lock (_domains)
        {
            if (!_domains.Remove(domain.Id))
            {
                return;
            }
        }

        lock (Gate)
        {
            if (--_users > 0)
            {
                return;
            }

            _shared = null;

            // Before the next one is made: of two sources of one name that are alive the second never sends an event.
            Events.Dispose();
        }

        _meter.Dispose();
    }

    private void Observe(string name, string unit, Func<IObservedDomain, long> value, string description) =>
        _meter.CreateObservableUpDownCounter(name, () => Measure(value), unit, description);

    private List<Measurement<long>> Measure(Func<IObservedDomain, long> value)
    {
        WeakReference<IObservedDomain>[] references;
        lock (_domains)
        {
            references = [.. _domains.Values];
        }

        List<Measurement<long>> measurements = [];
        foreach (var reference in references)
        {
            if (reference.TryGetTarget(out var domain))
            {
                measurements.Add(
                    new Measurement<long>(
                        value(domain),
                        new KeyValuePair<string, object?>(NameTag, domain.Name),
                        new KeyValuePair<string, object?>(IdTag, domain.Id)
                    )
                );
            }
        }

        return measurements;
    }
}
