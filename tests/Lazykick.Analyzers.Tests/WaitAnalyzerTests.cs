namespace Lazykick.Analyzers.Tests;

public class WaitAnalyzerTests
{
    [Theory]
    [InlineData("using ReadScope scope = s_thread.EnterRead(); [|LKR003: s_domain.Synchronize()|];")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR003: s_domain.Barrier()|]; }")]
    [InlineData("using (s_thread.EnterActive()) { if (s_kept is null) { [|LKR003: s_domain.Synchronize()|]; } }")]
    [InlineData("using (s_thread.EnterRead()) { var task = [|LKR003: s_domain.SynchronizeAsync()|]; }")]
    [InlineData(
        "using (s_thread.EnterActive()) using (s_thread.EnterQuiescent()) using (s_thread.EnterRead()) [|LKR003: "
            + "s_domain.Dispose()|];"
    )]
    public Task Waiting_for_a_grace_period_while_active_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("using (s_thread.EnterRead()) { } s_domain.Synchronize();")]
    [InlineData("s_domain.Synchronize(); using ReadScope scope = s_thread.EnterRead();")]
    [InlineData("using (s_thread.EnterActive()) { using (s_thread.EnterQuiescent()) { s_domain.Synchronize(); } }")]
    [InlineData("using (s_thread.EnterRead()) { Action later = () => s_domain.Synchronize(); later(); }")]
    [InlineData("using (s_thread.EnterRead()) { s_domain.Kick(); s_domain.Retire(s_domain); }")]
    public Task Waiting_while_quiescent_is_not(string body) => Check.Body(body);

    [Theory]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Thread.Sleep(1)|]; }")]
    [InlineData("using ActiveScope scope = s_thread.EnterActive(); [|LKR004: Task.Delay(1).Wait()|];")]
    [InlineData("using (s_thread.EnterRead()) { int result = [|LKR004: Task.FromResult(1).Result|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Task.Delay(1).GetAwaiter().GetResult()|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: new SemaphoreSlim(1).Wait()|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Console.ReadLine()|]; }")]
    [InlineData("var scope = s_thread.EnterRead(); try { [|LKR004: Thread.Sleep(1)|]; } finally { scope.Dispose(); }")]
    [InlineData("var scope = s_thread.EnterRead(); try { [|LKR004: Thread.Sleep(1)|]; scope.Dispose(); } finally { }")]
    public Task Blocking_while_active_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("using (s_thread.EnterActive()) { using (s_thread.EnterQuiescent()) Thread.Sleep(1); }")]
    [InlineData("using (s_thread.EnterRead()) { Thread.SpinWait(1); }")]
    [InlineData("var scope = s_thread.EnterRead(); try { scope.Dispose(); Thread.Sleep(1); } finally { }")]
    [InlineData("var scope = s_thread.EnterRead(); { scope.Dispose(); if (s_kept is null) { Thread.Sleep(1); } }")]
    public Task Blocking_while_quiescent_is_not(string body) => Check.Body(body);

    [Theory]
    [InlineData("s_domain.Retire(1, _ => [|LKR003: s_domain.Barrier()|]);")]
    [InlineData("s_domain.Retire(1, _ => { [|LKR003: s_domain.WaitForRoom(TimeSpan.Zero)|]; });")]
    [InlineData("s_domain.Retire(1, _ => { if (s_kept is null) [|LKR003: s_domain.Dispose()|]; });")]
    [InlineData("s_domain.Retire(1, _ => { var task = [|LKR003: s_domain.BarrierAsync()|]; });")]
    public Task A_callback_that_waits_for_its_own_queue_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("s_domain.Retire(1, _ => s_domain.Synchronize());")]
    [InlineData("s_domain.Retire(1, _ => s_otherDomain.Barrier());")]
    [InlineData("s_domain.Retire(1, _ => Task.Run(() => s_domain.Barrier()));")]
    [InlineData("s_domain.Retire(1, _ => { }); s_domain.Barrier();")]
    public Task One_that_waits_for_something_else_is_not(string body) => Check.Body(body);
}
