using System.Diagnostics;
using Lazykick.Tests.Support;

namespace Lazykick.Tests;

/// <summary>The samples check themselves and end with 0; they are built with the tests.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("Quickstart", "0 tables waiting to be freed")]
    [InlineData("HotSwap", "1 mapping open")]
    [InlineData("SearchIndex", "1 mapped at the end, 0 after the end; searches all the time")]
    [InlineData("IsolatedThread", "the loop ran on")]
    [InlineData("WebFile", "1 mapped at the end, 0 after shutdown; answers all the time, 0 wrong")]
    public async Task A_sample_does_what_it_says(string name, string said)
    {
        var root = Repository.Root;
        Assert.SkipWhen(root is null, "not run from within the repository");
#if DEBUG
        const string Configuration = "Debug";
#else
        const string Configuration = "Release";
#endif
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { Path.Combine(root!, "samples", name, "bin", Configuration, "net10.0", $"{name}.dll") },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"exit {process.ExitCode}\n{await output}\n{await error}");
        Assert.Contains(said, await output, StringComparison.Ordinal);
    }
}
