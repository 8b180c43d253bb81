using System.Diagnostics;

namespace Lazykick.Traces.Tests;

/// <summary>Runs the Debian tools that tests compare with; skips the test where one is missing.</summary>
internal static class Tool
{
    /// <summary>Runs a tool to its end and gives its standard output.</summary>
    public static byte[] Run(string name, params string[] arguments)
    {
        var (status, output, error) = TryRun(name, arguments);
        Assert.True(status == 0, $"{name} {string.Join(' ', arguments)} ended with {status}: {error}");
        return output;
    }

    /// <summary>Runs a tool that may refuse.</summary>
    public static (int Status, byte[] Output, string Error) TryRun(string name, params string[] arguments)
    {
        if (Find(name) is not { } path)
        {
            Assert.Skip($"{name} is not installed");
            return default;
        }

        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray(), error.Result);
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/sbin")
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
