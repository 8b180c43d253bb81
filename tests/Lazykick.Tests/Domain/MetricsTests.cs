using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

// Not beside the test that loads the library a second time: of two event sources of one name .NET heeds the first.
[Collection(nameof(Alone))]
public class MetricsTests
{
    [Fact]
    public void The_instruments_count_what_the_domain_did()
    {
        var name = "metrics " + Guid.NewGuid();
        Dictionary<string, double> sums = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Lazykick")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument.Name, 1, tags));
        listener.Start();

        using RcuDomain domain = new(new RcuDomainOptions { Name = name, OnCallbackException = static _ => { } });
        domain.Kick();
        domain.Kick();
        domain.Synchronize();
        Threads.Run(() => domain.Register().EnterRead());
        domain.Synchronize();
        domain.Retire(0, static _ => throw new FormatException());
        domain.Barrier();
        using (ParkedReader reader = new(domain))
        {
            domain.Kick();
            domain.Retire(new Flag(), size: 70);
            listener.RecordObservableInstruments();
        }

        domain.Barrier();
        lock (sums)
        {
            Assert.Equal(2, sums["lazykick.kicks/skipped"]);
            Assert.Equal(1, sums["lazykick.kicks/broadcast"]);
            Assert.Equal(1, sums["lazykick.threads.reaped"]);
            Assert.Equal(1, sums["lazykick.callback.exceptions"]);
            Assert.Equal(1, sums["lazykick.retired.pending"]);
            Assert.Equal(70, sums["lazykick.retired.size"]);
            Assert.Equal(4, sums["lazykick.grace_periods"]);
            Assert.Equal(4, sums["lazykick.grace_period.duration"]);
        }

        void Add(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = instrument;
            var mine = false;
            foreach ((var tag, var text) in tags)
            {
                mine |= tag == "lazykick.domain.name" && (string?)text == name;
                if (tag == "lazykick.kick.kind")
                    key += "/" + text;
            }

            lock (sums)
            {
                if (mine)
                    sums[key] = sums.GetValueOrDefault(key) + value;
            }
        }
    }

    /// <summary>
    /// Whatever a listener throws goes to the handler: no callback is lost, no call fails, the reclaimer goes on.
    /// </summary>
    [Fact]
    public void A_listener_that_throws_disturbs_nobody()
    {
        var name = "throwing listener " + Guid.NewGuid();
        HashSet<string> threw = [];
        List<Exception> failures = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Lazykick")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Throw(instrument.Name, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Throw(instrument.Name, tags));
        listener.Start();
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                Name = name,
                MaxPending = 1,
                StallTimeout = TimeSpan.FromMilliseconds(20),
                OnCallbackException = exception =>
                {
                    lock (failures)
                        failures.Add(exception);
                },
            }
        );
        domain.Kick();
        domain.Synchronize();
        Threads.Run(() => domain.Register().EnterRead());
        domain.Synchronize();
        Flag first = new(),
            last = new();
        domain.Retire(first);
        domain.Retire(0, static _ => throw new FormatException());
        domain.Retire(last);
        domain.Barrier();
        Assert.Equal((1, 1), (first.Count, last.Count));
        using (ParkedReader reader = new(domain))
            Assert.False(domain.Synchronize(TimeSpan.FromMilliseconds(300)));
        lock (failures)
        {
            Assert.Contains(failures, static exception => exception is FormatException);
            Assert.Subset(
                threw,
                new HashSet<string>
                {
                    "lazykick.kicks",
                    "lazykick.grace_periods",
                    "lazykick.threads.reaped",
                    "lazykick.retired.limit_hits",
                    "lazykick.callback.exceptions",
                    "lazykick.stalls",
                }
            );
            Assert.Equal(threw.Count, failures.Select(static exception => exception.Message).Distinct().Count() - 1);
        }

        void Throw(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach ((var tag, var text) in tags)
            {
                if (tag == "lazykick.domain.name" && (string?)text == name)
                {
                    lock (failures)
                        threw.Add(instrument);
                    throw new InvalidOperationException(instrument);
                }
            }
        }
    }

    [Fact]
    public void A_thread_that_ended_is_told_of_where_somebody_forgot_something()
    {
        var name = "reaped events " + Guid.NewGuid();
        using ReportListener listener = new(name);
        using RcuDomain domain = new(new RcuDomainOptions { Name = name });
        // Threads that ended are looked for when the table of slots is full.
        for (var i = 0; i < 200; i++)
        {
            Threads.Run(() =>
            {
                using var scope = domain.EnterRead();
            });
        }

        Assert.Empty(listener.Reports);
        Threads.Run(() => Abandon(domain));
        domain.Synchronize();
        Assert.Contains(" ended in a read scope (first read in ", Assert.Single(listener.Reports));
        for (var i = 0; i < 200; i++)
            Threads.Run(() => domain.Register());
        Assert.All(
            listener.Reports.Skip(1),
            report => Assert.Contains(" ended without disposing its registration (registered in ", report)
        );
        Assert.True(listener.Reports.Count > 1);
    }

#pragma warning disable LKR001 // The mistake that the test is about.
    private static void Abandon(RcuDomain domain) => domain.EnterRead();
#pragma warning restore LKR001

    /// <summary>The event source ends with the last domain; the next one comes at the same moment.</summary>
    [Fact]
    public void Events_are_not_lost_where_the_last_domain_ends_while_another_begins()
    {
        var name = "events " + Guid.NewGuid();
        using ReportListener listener = new(name);
        using CancellationTokenSource stop = new();
        Thread others = new(() =>
        {
            while (!stop.IsCancellationRequested)
                new RcuDomain().Dispose();
        });
        others.Start();
        for (var i = 0; i < 300; i++)
        {
            using RcuDomain domain = new(new RcuDomainOptions { Name = name, OnCallbackException = static _ => { } });
            domain.Retire(0, static _ => throw new FormatException());
            domain.Barrier();
        }

        stop.Cancel();
        others.Join();
        Assert.Equal(300, listener.Reports.Count);
    }

    /// <summary>The same for who listens to the event source.</summary>
    [Fact]
    public void A_listener_of_events_that_throws_disturbs_nobody()
    {
        var name = "throwing events " + Guid.NewGuid();
        List<Exception> failures = [];
        using ThrowingListener listener = new(name);
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                Name = name,
                MaxPending = 1,
                StallTimeout = TimeSpan.FromMilliseconds(20),
                OnCallbackException = exception =>
                {
                    lock (failures)
                        failures.Add(exception);
                },
            }
        );
        Flag first = new(),
            last = new();
        Threads.Run(() => domain.Register().EnterRead());
        domain.Synchronize();
        domain.Retire(first);
        domain.Retire(0, static _ => throw new FormatException());
        domain.Retire(last);
        domain.Barrier();
        using (ParkedReader reader = new(domain))
            Assert.False(domain.Synchronize(TimeSpan.FromMilliseconds(300)));
        Assert.Equal((1, 1), (first.Count, last.Count));
        Assert.Equal(["CallbackFailed", "PressureBegan", "Stalled", "ThreadReaped"], listener.Threw.Distinct().Order());
        lock (failures)
            Assert.Contains(failures, static exception => exception is FormatException);
    }

    [Fact]
    public void The_debugger_view_shows_who_blocks()
    {
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain, "blocking reader");
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(20));
        Assert.Throws<OperationCanceledException>(() => domain.Synchronize(soon.Token));
        RcuDomainDebugView view = new(domain);
        Assert.Equal("blocking reader", Assert.Single(view.Blocking).Name);
        Assert.Contains("active since grace period 1", view.Threads[0].ToString(), StringComparison.Ordinal);
    }

    private sealed class ThrowingListener(string domain) : EventListener
    {
        public ConcurrentQueue<string> Threw { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Lazykick")
                EnableEvents(eventSource, EventLevel.LogAlways);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.Payload is not [string name, ..] || name != domain)
                return;
            Threw.Enqueue(eventData.EventName!);
            throw new InvalidOperationException(eventData.EventName);
        }
    }

    private sealed class ReportListener(string domain) : EventListener
    {
        public ConcurrentQueue<string> Reports { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Lazykick")
                EnableEvents(eventSource, EventLevel.LogAlways);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.Payload is [string name, string report] && name == domain)
                Reports.Enqueue(report);
        }
    }
}
