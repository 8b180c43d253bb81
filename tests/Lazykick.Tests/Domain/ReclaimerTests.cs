using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>Where and when callbacks run.</summary>
public class ReclaimerTests
{
    [Fact]
    public void The_reclaimer_has_the_name_and_the_priority_that_the_options_say()
    {
        Thread? reclaimer = null;
        using RcuDomain domain = new(
            new RcuDomainOptions { ReclaimerName = "house keeper", ReclaimerPriority = ThreadPriority.AboveNormal }
        );
        domain.Retire(0, _ => reclaimer = Thread.CurrentThread);
        domain.Barrier();
        Assert.Equal(("house keeper", ThreadPriority.AboveNormal), (reclaimer!.Name, reclaimer.Priority));
    }

    [Fact]
    public void The_reclaimer_stays_on_the_CPUs_that_the_options_say()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "no affinity on this system");
        var wrong = 0;
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimerCpus = [0] });
        for (var i = 0; i < 1_000; i++)
            domain.Retire(0, _ => wrong += Thread.GetCurrentProcessorId() == 0 ? 0 : 1);
        domain.Barrier();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void CPUs_that_are_not_there_leave_the_reclaimer_where_it_may_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what the system refuses is Linux's");
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimerCpus = [4_095] });
        Flag flag = new();
        domain.Retire(flag);
        domain.Barrier();
        Assert.True(flag.IsDisposed);
    }

    [Fact]
    public void With_an_interval_callbacks_run_without_anybody_waking_the_reclaimer()
    {
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimInterval = TimeSpan.FromMilliseconds(1) });
        Flag first = new(),
            second = new();
        domain.Retire(first);
        Assert.True(SpinWait.SpinUntil(() => first.IsDisposed, TimeSpan.FromSeconds(30)));
        domain.Retire(second);
        Assert.True(SpinWait.SpinUntil(() => second.IsDisposed, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void With_a_long_interval_a_barrier_and_Dispose_need_not_wait_for_it()
    {
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimInterval = TimeSpan.FromMinutes(30) });
        Flag flag = new();
        domain.Retire(flag);
        domain.Barrier();
        Assert.True(flag.IsDisposed);
        domain.Retire(new Flag());
        Assert.True(domain.BarrierAsync().AsTask().Wait(TimeSpan.FromSeconds(30)));
    }
}
