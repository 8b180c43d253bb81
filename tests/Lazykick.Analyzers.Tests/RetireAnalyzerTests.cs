namespace Lazykick.Analyzers.Tests;

public class RetireAnalyzerTests
{
    [Theory]
    [InlineData("[|LKR007: s_domain.Retire(old)|]; s_domain.Retire(old);")]
    [InlineData("[|LKR007: s_domain.Retire(old)|]; Console.WriteLine(old);")]
    public Task A_parameter_that_is_retired_twice_or_used_afterwards_is_reported(string body) =>
        Check.Body(body, parameters: "IDisposable old");

    [Theory]
    [InlineData("s_domain.Retire(old);")]
    [InlineData("Console.WriteLine(old); s_domain.Retire(old); old = s_gate as IDisposable; Console.WriteLine(old);")]
    [InlineData("if (old == s_resource) { s_domain.Retire(old); return; } Console.WriteLine(old);")]
    public Task One_that_is_retired_last_is_not(string body) => Check.Body(body, parameters: "IDisposable old");
}
