using Lazykick.Core;
using Lazykick.Memory;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>A system that gives no thread: what Retire throws, it throws before it has taken the resource.</summary>
public class RetireFailureTests
{
    [Fact]
    public void A_resource_whose_retirement_threw_is_still_the_callers()
    {
        FailingThreads threads = new() { Fails = true };
        DomainCore<HardwareMemory> core = new(new RcuDomainOptions().ToSettings(), new NoEvents(), threads);
        Flag refused = new(),
            taken = new();
        Assert.Throws<NotSupportedException>(() => core.Retired.Add(RetiredItem.Dispose(refused, 10)));
        Assert.Equal((0L, 0L), (core.Retired.Pending, core.Retired.Backlog.Bytes));
        threads.Fails = false;
        core.Retired.Add(RetiredItem.Dispose(taken, 10));
        core.Barrier(CancellationToken.None);
        Assert.Equal((0, 1), (refused.Count, taken.Count));
    }

    [Fact]
    public void A_task_of_a_grace_period_that_could_not_begin_leaves_nothing_behind()
    {
        FailingThreads threads = new() { Fails = true };
        DomainCore<HardwareMemory> core = new(new RcuDomainOptions().ToSettings(), new NoEvents(), threads);
        var reader = core.Register(Thread.CurrentThread, "", "", 0);
        Threads.Run(() =>
        {
            ReadSide<HardwareMemory>.EnterRead(reader, out _);
            Assert.Throws<NotSupportedException>(() =>
            {
                _ = core.SynchronizeAsync();
            });
            threads.Fails = false;
            var task = core.SynchronizeAsync();
            ReadSide<HardwareMemory>.ExitRead(reader, reader.Innermost, 0, left: true);
            Assert.True(task.Wait(TimeSpan.FromSeconds(30)));
        });
    }

    private sealed class NoEvents : IDomainEvents
    {
        public void GracePeriodEnded(long began) { }

        public void Reaped(Registration registration, bool wasActive) { }

        public void GracePeriodStalled(long gracePeriod, TimeSpan waited, IReadOnlyList<Blocker> blockers) { }

        public void DisposalStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers) { }

        public void CallbackStalled(TimeSpan waited, string callback) { }

        public void WriterStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers, string? callback) { }

        public void PressureBegan(long pending, long pendingBytes) { }

        public void CallbackFailed(Exception exception) { }
    }
}
