namespace Lazykick.Analyzers.Tests;

/// <summary>Twenty ways to get it wrong that compile: each is found, at the place where it is.</summary>
public class PlantedMistakesTests
{
    [Theory]
    [InlineData("Console.WriteLine([|LKR006: s_model|]);")]
    [InlineData(
        "long* kept; using (s_thread.EnterRead()) { kept = [|LKR002: (long*)Volatile.Read(ref s_word)|]; } "
            + "Console.WriteLine(kept[0]);"
    )]
    [InlineData("using (s_thread.EnterRead()) { s_keptTable = [|LKR002: (long*)Volatile.Read(ref s_word)|]; }")]
    [InlineData(
        "var scope = s_thread.EnterRead(); try { [|LKR003: s_domain.Synchronize()|]; } finally { scope.Dispose(); }"
    )]
    [InlineData("var scope = s_thread.EnterRead(); try { [|LKR004: Thread.Sleep(1)|]; } finally { scope.Dispose(); }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Helper()|]; }")]
    [InlineData("var old = s_resource!; [|LKR007: s_domain.Retire(old)|]; s_resource = null;")]
    [InlineData("[|LKR007: s_domain.Retire(s_resource!)|]; Interlocked.Exchange(ref s_resource, null);")]
    [InlineData(
        "var old = Interlocked.Exchange(ref s_resource, null)!; [|LKR007: s_domain.Retire(old)|]; s_domain.Retire(old);"
    )]
    [InlineData(
        "var old = Interlocked.Exchange(ref s_resource, null)!; [|LKR007: s_domain.Retire(old)|]; "
            + "Console.WriteLine(old);"
    )]
    [InlineData(
        "using (s_thread.EnterActive()) { var table = s_table; s_thread.QuiescentState(); Console.WriteLine([|LKR002: "
            + "table|][0]); }"
    )]
    [InlineData("var scope = s_thread.EnterRead(); var copy = [|LKR008: scope|]; scope.Dispose(); copy.Dispose();")]
    [InlineData("using var scope = s_thread.EnterRead(); ByValue([|LKR008: scope|]);")]
    [InlineData(
        "using (s_thread.EnterRead()) { var table = s_table; s_action = () => Console.WriteLine([|LKR002: table|][0]); "
            + "}"
    )]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: System.IO.File.ReadAllText(\"x\")|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: s_stream.Read(new byte[1], 0, 1)|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Monitor.Enter(s_gate)|]; }")]
    [InlineData("using (s_thread.EnterRead()) { [|LKR004: Parallel.For(0, 1, _ => { })|]; }")]
    [InlineData(
        "using (s_thread.EnterRead()) { [|LKR004: Task.Delay(1).ConfigureAwait(false).GetAwaiter().GetResult()|]; }"
    )]
    [InlineData("using (s_domain.EnterRead()) { [|LKR003: s_domain.Synchronize()|]; }")]
    [InlineData("[|LKR001: s_domain.EnterRead()|];")]
    public Task Is_found(string body) => Check.Body(body);

    [Fact]
    public Task A_span_of_protected_memory_that_is_returned() =>
        Check.Body(
            "using var scope = s_thread.EnterRead(); return [|LKR002: new Span<long>(s_table, 1)|];",
            "Span<long>"
        );

    [Fact]
    public Task A_handle_in_a_static_field_across_an_await() =>
        Check.AsyncBody("using (s_thread.EnterRead()) { } await Task.Yield(); [|LKR005: s_thread|].QuiescentState();");

    /// <summary>What is right must not be reported, least of all as an error.</summary>
    [Theory]
    [InlineData("using (s_thread.EnterRead()) { s_otherDomain.Synchronize(); }")]
    [InlineData("using (s_domain.EnterRead()) { s_otherDomain.Barrier(); }")]
    [InlineData("var scope = s_thread.EnterRead(); scope.Dispose(); s_domain.Synchronize(); Thread.Sleep(1);")]
    [InlineData("using (s_thread.EnterRead()) { Quick(); }")]
    [InlineData("using (s_thread.EnterRead()) { Console.WriteLine(s_model); }")]
    [InlineData("s_model = \"next\"; Interlocked.Exchange(ref s_model, null);")]
    [InlineData("var old = Interlocked.Exchange(ref s_resource, null)!; s_domain.Retire(old); old = null;")]
    [InlineData(
        "using (s_thread.EnterActive()) { var table = s_table; Console.WriteLine(table[0]); s_thread.QuiescentState(); "
            + "table = s_table; Console.WriteLine(table[0]); }"
    )]
    [InlineData("using var scope = s_thread.EnterRead(); ByReference(scope);")]
    [InlineData(
        "using (s_thread.EnterRead()) { var table = s_table; Action now = () => Console.WriteLine(table[0]); now(); }"
    )]
    [InlineData("using (s_thread.EnterRead()) { lock (s_gate) { } }")]
    public Task What_is_right_is_not(string body) => Check.Body(body);
}
