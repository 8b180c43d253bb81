using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Tests.Support;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Tests.Walking;

public class X86KernelTests
{
    [Fact]
    public void A_key_before_the_atomic_is_a_site_of_the_way_in_with_its_updater()
    {
        var window = Window(new TinyX86Kernel(), "entry");

        Assert.Null(window.Refused);
        var site = Assert.Single(window.Sites, s => s.Kind == SiteKind.StaticKey);
        Assert.Equal("the_key", site.Key!.Name);
        Assert.Equal(["entry_SYSCALL_64", "syscall_entry"], site.Path);
        Assert.Equal(Sealing.Runtime, site.Sealing);
        Assert.Equal([new KeyUser("set_the_key", false)], site.Key.Updaters);
    }

    [Theory]
    [InlineData(false, false, "nothing")]
    [InlineData(true, false, "serialising instruction")]
    [InlineData(true, true, "serialising instruction")]
    public void What_synchronises_before_ordinary_text_is_told(bool serialises, bool byThunk, string expected)
    {
        var kernel = new TinyX86Kernel { Serialises = serialises, ReturnsByThunk = byThunk };

        var window = Window(kernel, "entry");

        var call = Assert.Single(window.FirstTexts, f => f.Target == "do_syscall");
        Assert.Equal(expected, call.Synchronised);
        Assert.Contains("in the EQS again", window.Ends.Keys);
    }

    [Fact]
    public void The_idle_window_has_no_site() => Assert.Empty(Window(new TinyX86Kernel(), "idle").Sites);

    private static WindowReport Window(TinyX86Kernel kernel, string name) =>
        Auditor
            .Run(kernel.Load(), cancellation: TestContext.Current.CancellationToken)
            .Windows.Single(w => w.Name == name);
}
