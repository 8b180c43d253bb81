using System.Diagnostics;

namespace Lazykick.Checking.Tests.Promela;

/// <summary>Debian's spin: makes a verifier of a model, and runs it.</summary>
internal static class Spin
{
    /// <summary>Skips the test where spin or gcc is missing.</summary>
    public static void Require()
    {
        foreach (var tool in (string[])["spin", "gcc"])
        {
            Assert.SkipUnless(
                Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, tool))),
                $"{tool} is missing (eng/install-oracles)"
            );
        }
    }

    /// <summary>What pan says of <c>model.pml</c> in a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="macro">An option of spin, or "".</param>
    /// <param name="option">An option of gcc, or "".</param>
    public static string Pan(string directory, string macro, string option)
    {
        Run(directory, "spin", Some(["-a", macro, "model.pml"]));
        Run(directory, "gcc", Some(["-O0", "-w", "-DSAFETY", "-DNOREDUCE", option, "-o", "pan", "pan.c"]));
        return Run(directory, Path.Combine(directory, "pan"), ["-m5000000", "-w22"]);

        static IEnumerable<string> Some(string[] arguments) => arguments.Where(a => a.Length > 0);
    }

    private static string Run(string directory, string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var all = output + errors.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0 || Path.GetFileName(file) == "pan", $"{file}: {all}");
        return all;
    }
}
