using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>What a callback may do, and what becomes of one that misbehaves.</summary>
public class CallbackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_callback_may_wait_for_a_task_of_a_grace_period()
    {
        using RcuDomain domain = new();
        using CancellationTokenSource stop = new();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var scope = domain.EnterRead();
                Thread.SpinWait(1_000);
            }
        });
        for (var i = 0; i < 100; i++)
            domain.Retire(domain, static domain => domain.SynchronizeAsync().AsTask().Wait());
        Assert.True(domain.BarrierAsync().AsTask().Wait(Patience), "blocked");
        stop.Cancel();
        reader.Wait();
    }

    [Fact]
    public async Task A_callback_that_hangs_holds_up_no_task_of_a_grace_period()
    {
        using ManualResetEventSlim end = new();
        using RcuDomain domain = new();
        domain.Retire(end, static end => end.Wait());
        ParkedReader reader = new(domain);
        var waiting = domain.SynchronizeAsync().AsTask();
        reader.Dispose();
        await waiting.WaitAsync(Patience);
        end.Set();
    }

    [Fact]
    public void A_callback_that_hangs_is_reported_and_a_writer_behind_it_too()
    {
        List<RcuStall> stalls = [];
        using ManualResetEventSlim end = new();
        using CancellationTokenSource both = new(Patience);
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                Name = "files",
                MaxPending = 2,
                StallTimeout = TimeSpan.FromMilliseconds(40),
                OnStall = stall =>
                {
                    lock (stalls)
                    {
                        stalls.Add(stall);
                        if (
                            stalls.Exists(one => one.Kind == RcuStallKind.Callback)
                            && stalls.Exists(one => one.Kind == RcuStallKind.Writer)
                        )
                        {
                            both.Cancel();
                        }
                    }
                },
            }
        );
        domain.Retire(end, static end => end.Wait());
        domain.Retire(new Flag());
        Assert.Throws<OperationCanceledException>(() => domain.WaitForRoom(Patience, both.Token));
        end.Set();
        RcuStall callback,
            writer;
        lock (stalls)
        {
            callback = stalls.Find(stall => stall.Kind == RcuStallKind.Callback)!;
            writer = stalls.Find(stall => stall.Kind == RcuStallKind.Writer)!;
        }

        Assert.Contains(
            nameof(A_callback_that_hangs_is_reported_and_a_writer_behind_it_too),
            callback.Callback,
            StringComparison.Ordinal
        );
        Assert.Contains("has been running for", callback.ToString(), StringComparison.Ordinal);
        Assert.InRange(callback.Waited, TimeSpan.FromMilliseconds(40), Patience);
        Assert.Contains("waiting for room", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("behind callback", writer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Also the last ones, which run while the domain is being disposed.</summary>
    [Fact]
    public void A_callback_may_read_what_the_domain_protects()
    {
        List<Exception> failures = [];
        List<int> found = [];
        RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        using NativeRcuMap<int, int> map = new(domain);
        using RcuReference<Flag> reference = new(domain);
        map.Set(1, 10);
        reference.Exchange(new Flag());
        domain.Retire(0, _ => LookUp());
        domain.Barrier();
        Assert.Equal([10], found);
        using (ParkedReader reader = new(domain))
        {
            domain.Retire(0, _ => LookUp());
            map.Set(1, 20);
        }

        domain.Retire(0, _ => domain.Retire(0, _ => LookUp()));
        domain.Dispose();
        Assert.Equal([10, 20, 20], found);
        Assert.Empty(failures);

        void LookUp()
        {
            using var outer = domain.EnterRead();
            using var scope = domain.EnterRead();
            Assert.True(map.TryGetValue(scope, 1, out var value));
            Assert.False(reference.Read(scope).Value.IsDisposed);
            found.Add(value);
        }
    }

    /// <summary>The message names the callback, and the next one of the same batch runs outside of the scope.</summary>
    [Fact]
    public void A_callback_that_leaves_a_scope_open_is_told_and_costs_nothing_but_its_scope()
    {
        List<Exception> failures = [];
        List<RcuThreadState> states = [];
        RcuDomain failing = null!;
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                OnCallbackException = exception =>
                {
                    failures.Add(exception);

                    // A handler may register, too.
                    using var thread = failing.Register();
                },
            }
        );
        failing = domain;
        using (ParkedReader reader = new(domain))
        {
            domain.Retire(domain, static domain => domain.EnterRead());
            domain.Retire(domain, domain => states.AddRange(domain.GetThreads().Select(static t => t.State)));
        }

        domain.Barrier();
        Flag flag = new();
        domain.Retire(flag);
        domain.Barrier();
        var message = Assert.IsType<InvalidOperationException>(Assert.Single(failures)).Message;
        Assert.Contains(
            nameof(A_callback_that_leaves_a_scope_open_is_told_and_costs_nothing_but_its_scope),
            message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(RcuThreadState.Active, states);
        Assert.NotEmpty(states);
        Assert.True(flag.IsDisposed);
    }

    [Fact]
    public void Every_kind_of_callback_has_a_description()
    {
        string? seen = null;
        using ManualResetEventSlim told = new();
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                StallTimeout = TimeSpan.FromMilliseconds(20),
                OnStall = stall =>
                {
                    seen ??= stall.Callback;
                    told.Set();
                },
            }
        );
        using Hanging hanging = new();
        domain.Retire(hanging);
        Assert.True(told.Wait(Patience));
        hanging.End.Set();
        Assert.Equal($"{typeof(Hanging)}.Dispose", seen);
    }

    private sealed class Hanging : IDisposable
    {
        public ManualResetEventSlim End { get; } = new();

        public void Dispose() => End.Wait();
    }
}
