using System.Diagnostics;

namespace Lazykick.Cli.Tests.Support;

/// <summary>
/// Runs the built command as users do: as a process of its own. LAZYKICK_COMMAND names another build of it, such as
/// machine code.
/// </summary>
public static class LazykickProcess
{
    // A hang fails the test; the machine may be slow.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private static readonly string[] s_command = CommandWords();

    /// <summary>The built command as words of a shell line.</summary>
    public static string Command { get; } = string.Join(' ', s_command.Select(static word => $"'{word}'"));

    public static LazykickRun Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>Runs a shell line in which <c>lazykick</c> is the command.</summary>
    public static LazykickRun Shell(string line, params (string Name, string Value)[] environment)
    {
        var start = Redirected("/bin/bash");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"lazykick() {{ {Command} \"$@\"; }}; {line}");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Finish(Process.Start(start)!);
    }

    /// <summary>Runs a call on a terminal of its own (script of util-linux) without input.</summary>
    public static LazykickRun Terminal(string call, params (string Name, string Value)[] environment) =>
        Shell($"script -qec \"{Command} {call}\" /dev/null < /dev/null", [.. environment, ("TERM", "xterm")]);

    public static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = Redirected(s_command[0]);
        foreach (var argument in s_command.Skip(1).Concat(arguments))
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

    private static string[] CommandWords()
    {
        if (Environment.GetEnvironmentVariable("LAZYKICK_COMMAND") is { Length: > 0 } file)
            return [file];
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        return [host, Path.Combine(AppContext.BaseDirectory, "Lazykick.Cli.dll")];
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
