namespace Lazykick.Analyzers.Tests;

public class AwaitAnalyzerTests
{
    [Theory]
    [InlineData("using RcuThread [|LKR005: thread = s_domain.Register()|]; await Task.Yield();")]
    [InlineData("using (RcuThread [|LKR005: thread = s_domain.Register()|]) { await Task.Yield(); }")]
    [InlineData("RcuThread [|LKR005: thread = s_domain.Register()|]; await Task.Yield(); thread.Dispose();")]
    public Task A_registration_used_across_an_await_is_reported(string body) => Check.AsyncBody(body);

    [Theory]
    [InlineData("await Task.Yield(); using RcuThread thread = s_domain.Register();")]
    [InlineData("using (RcuThread thread = s_domain.Register()) { thread.QuiescentState(); } await Task.Yield();")]
    [InlineData("RcuThread thread = s_domain.Register(); thread.Dispose(); await Task.Yield();")]
    [InlineData(
        "using RcuThread thread = s_domain.Register(); Func<Task> other = async () => await Task.Yield(); "
            + "GC.KeepAlive(other);"
    )]
    public Task One_that_ends_before_is_not(string body) => Check.AsyncBody(body);
}
