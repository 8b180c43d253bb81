using System.Runtime.InteropServices;
using Lazykick.Memory;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class KickTests
{
    [Fact]
    public void A_thread_that_died_in_its_scope_does_not_make_kicks_a_broadcast()
    {
        using RcuDomain domain = new();
        Threads.Run(() => domain.Register().EnterRead());
        Assert.Equal(new KickResult(KickKind.Skipped, 0), domain.Kick());
        Assert.Empty(domain.GetThreads());
    }

    [Fact]
    public void A_thread_that_died_in_its_scope_does_not_hold_up_a_poll()
    {
        using RcuDomain domain = new();
        Threads.Run(() => domain.Register().EnterRead());
        Assert.True(domain.HasElapsed(domain.StartPoll()));
    }

    /// <summary>
    /// linux/membarrier.h: 1 &lt;&lt; 3 is PRIVATE_EXPEDITED; -1 is what a refused system call gives.
    /// </summary>
    [Theory]
    [InlineData(true, Architecture.X64, -1, true)]
    [InlineData(true, Architecture.X86, -1, true)]
    [InlineData(true, Architecture.Arm64, 0x1FF, true)]
    [InlineData(true, Architecture.Arm64, 8, true)]
    [InlineData(true, Architecture.Arm64, 7, false)]
    [InlineData(true, Architecture.Arm64, 0, false)]
    [InlineData(true, Architecture.Arm64, -1, false)]
    [InlineData(true, Architecture.Arm, -1, false)]
    [InlineData(true, Architecture.LoongArch64, -1, false)]
    [InlineData(false, Architecture.Arm64, -1, true)]
    [InlineData(false, Architecture.X64, -1, true)]
    public void Without_membarrier_only_x86_has_a_process_wide_barrier_on_Linux(
        bool isLinux,
        Architecture architecture,
        long commands,
        bool expected
    ) => Assert.Equal(expected, ProcessWideBarrier.IsSound(isLinux, architecture, () => commands));

    [Fact]
    public void Where_the_tests_run_a_kick_reaches_an_active_thread()
    {
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain);
        Assert.Equal(new KickResult(KickKind.Broadcast, 1), domain.Kick());
    }
}
