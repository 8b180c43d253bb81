namespace Lazykick.Analyzers.Tests;

public class DisposalAnalyzerTests
{
    [Theory]
    [InlineData("[|LKR001: s_domain.Register()|];")]
    [InlineData("_ = [|LKR001: s_domain.Register()|];")]
    [InlineData("RcuThread thread = [|LKR001: s_domain.Register()|]; thread.QuiescentState();")]
    [InlineData("[|LKR001: s_thread.EnterRead()|];")]
    [InlineData("ReadScope scope = [|LKR001: s_thread.EnterRead()|];")]
    [InlineData("using ReadScope scope = [|LKR001: s_domain.Register()|].EnterRead();")]
    [InlineData("Use(s_slot.Read([|LKR001: s_domain.EnterRead()|]).Span);")]
    [InlineData("Console.WriteLine(s_pointer.Read([|LKR001: s_thread.EnterRead()|])[0]);")]
    [InlineData("ByReference([|LKR001: s_domain.EnterRead()|]);")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; Use(s_slot.Read(scope).Span);")]
    public Task What_nothing_disposes_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("using RcuThread thread = s_domain.Register();")]
    [InlineData("using (RcuThread thread = s_domain.Register()) { }")]
    [InlineData("using (s_domain.Register()) { }")]
    [InlineData("RcuThread thread = s_domain.Register(); try { } finally { thread.Dispose(); }")]
    [InlineData("RcuThread thread = s_domain.Register(); GC.KeepAlive(thread);")]
    [InlineData("GC.KeepAlive(s_domain.Register());")]
    [InlineData("ReadScope scope = s_thread.EnterRead(); scope.Dispose();")]
    [InlineData("s_domain.Register().Dispose();")]
    [InlineData("ByValue(s_domain.EnterRead());")]
    [InlineData("var scope = s_domain.EnterRead(); Use(s_slot.Read(scope).Span); scope.Dispose();")]
    public Task What_is_disposed_or_handed_on_is_not(string body) => Check.Body(body);

    [Fact]
    public Task A_returned_registration_is_the_callers() => Check.Body("return s_domain.Register();", "RcuThread");
}
