using System.Diagnostics;

namespace Lazykick.Cli.Tests.Support;

/// <summary>Runs the built command as users do: as a process of its own.</summary>
public static class LazykickProcess
{
    // A hang fails the test; the machine may be slow.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <summary>The built command.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "Lazykick.Cli.dll");

    public static string Dotnet { get; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    public static LazykickRun Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>Runs a shell line in which <c>lazykick</c> is the command.</summary>
    public static LazykickRun Shell(string line, params (string Name, string Value)[] environment)
    {
        var start = Redirected("/bin/bash");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"lazykick() {{ '{Dotnet}' '{Assembly}' \"$@\"; }}; {line}");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Finish(Process.Start(start)!);
    }

    public static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = Redirected(Dotnet);
        start.ArgumentList.Add(Assembly);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static LazykickRun Finish(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"lazykick does not end. So far: {output.Result}{errors.Result}");
            }

            return new LazykickRun(process.ExitCode, output.Result, errors.Result);
        }
    }

    private static ProcessStartInfo Redirected(string file) =>
        new(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        };
}
