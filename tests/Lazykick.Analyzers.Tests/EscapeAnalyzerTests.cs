namespace Lazykick.Analyzers.Tests;

public class EscapeAnalyzerTests
{
    [Theory]
    [InlineData(
        "string? model; using (s_thread.EnterRead()) { model = [|LKR002: s_model|]; } Console.WriteLine(model);"
    )]
    [InlineData(
        "string? model; using (s_thread.EnterRead()) { model = [|LKR002: Volatile.Read(ref s_model)|]; } "
            + "Console.WriteLine(model);"
    )]
    [InlineData(
        "string? kept; using (s_thread.EnterRead()) { string? model = s_model; kept = [|LKR002: model|]; } "
            + "Console.WriteLine(kept);"
    )]
    [InlineData("using ReadScope scope = s_thread.EnterRead(); s_kept = [|LKR002: s_model|];")]
    [InlineData(
        "long* table; using (s_thread.EnterRead()) { table = [|LKR002: s_table|]; } Console.WriteLine(table[0]);"
    )]
    [InlineData("using (s_thread.EnterRead()) { s_keptTable = [|LKR002: s_table|]; }")]
    public Task A_protected_reference_that_outlives_its_scope_is_reported(string body) => Check.Body(body);

    [Fact]
    public Task Returning_it_is_reported() =>
        Check.Body("using ReadScope scope = s_thread.EnterRead(); return [|LKR002: s_model|];", "string?");

    [Theory]
    [InlineData("int length; using (s_thread.EnterRead()) { length = s_model!.Length; } Console.WriteLine(length);")]
    [InlineData(
        "long first; using (s_thread.EnterRead()) { long* table = s_table; first = table[0]; } "
            + "Console.WriteLine(first);"
    )]
    [InlineData("string? model = null; using (s_thread.EnterRead()) { model = s_model; Console.WriteLine(model); }")]
    [InlineData(
        "string? model; using (s_thread.EnterRead()) { model = s_model; Console.WriteLine(model); } model = null;"
    )]
    [InlineData("string? other; using (s_thread.EnterRead()) { other = s_kept; } Console.WriteLine(other);")]
    [InlineData("string? model = s_kept; s_kept = model;")]
    public Task What_stays_inside_or_is_copied_is_not(string body) => Check.Body(body);
}
