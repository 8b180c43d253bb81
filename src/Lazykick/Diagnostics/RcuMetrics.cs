using System.Diagnostics.Metrics;

namespace Lazykick.Diagnostics;

/// <summary>
/// The instruments of the meter <c>Lazykick</c>; each measurement carries the tag <c>lazykick.domain</c>. With no
/// listener
/// a counter costs one test of a flag.
/// </summary>
internal static class RcuMetrics
{
    public const string MeterName = "Lazykick";
    public const string DomainTag = "lazykick.domain";
    public const string KindTag = "lazykick.kick.kind";

    private static readonly Meter Meter = new(MeterName, typeof(RcuMetrics).Assembly.GetName().Version?.ToString(3));
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<RcuDomain>> Domains = [];

    public static readonly Counter<long> Kicks = Meter.CreateCounter<long>(
        "lazykick.kicks",
        "{kick}",
        "Kicks, by what they had to do: skipped or broadcast."
    );

    public static readonly Counter<long> GracePeriods = Meter.CreateCounter<long>(
        "lazykick.grace_periods",
        "{grace period}",
        "Grace periods that were waited for to their end."
    );

    public static readonly Histogram<double> GracePeriodDuration = Meter.CreateHistogram<double>(
        "lazykick.grace_period.duration",
        "s",
        "How long a grace period was waited for."
    );

    public static readonly Counter<long> Stalls = Meter.CreateCounter<long>(
        "lazykick.stalls",
        "{report}",
        "Reports of grace periods that did not end within the stall timeout."
    );

    public static readonly Counter<long> Reaped = Meter.CreateCounter<long>(
        "lazykick.threads.reaped",
        "{thread}",
        "Threads that ended without disposing their registration."
    );

    public static readonly Counter<long> CallbackExceptions = Meter.CreateCounter<long>(
        "lazykick.callback.exceptions",
        "{exception}",
        "Callbacks of retired resources that threw."
    );

    static RcuMetrics()
    {
        Meter.CreateObservableUpDownCounter(
            "lazykick.retired.pending",
            () => Observe(domain => domain.PendingCount),
            "{callback}",
            "Retired resources whose callbacks have not run yet."
        );
        Meter.CreateObservableUpDownCounter(
            "lazykick.retired.pending_bytes",
            () => Observe(domain => domain.PendingBytes),
            "By",
            "Bytes that retired resources hold, as their retirers said."
        );
    }

    /// <summary>Includes a domain in the observed sums for as long as it lives.</summary>
    public static void Add(RcuDomain domain)
    {
        lock (Gate)
        {
            Domains.RemoveAll(reference => !reference.TryGetTarget(out _));
            Domains.Add(new WeakReference<RcuDomain>(domain));
        }
    }

    /// <summary>Leaves a domain out again.</summary>
    public static void Remove(RcuDomain domain)
    {
        lock (Gate)
        {
            Domains.RemoveAll(reference =>
                !reference.TryGetTarget(out var other) || ReferenceEquals(other, domain)
            );
        }
    }

    private static List<Measurement<long>> Observe(Func<RcuDomain, long> value)
    {
        List<Measurement<long>> measurements = [];
        lock (Gate)
        {
            foreach (var reference in Domains)
            {
                if (reference.TryGetTarget(out var domain))
                {
                    measurements.Add(
                        new Measurement<long>(value(domain), new KeyValuePair<string, object?>(DomainTag, domain.Name))
                    );
                }
            }
        }

        return measurements;
    }
}
