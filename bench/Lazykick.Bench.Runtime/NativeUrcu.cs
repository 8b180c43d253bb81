using System.Diagnostics;
using System.Globalization;

namespace Lazykick.Bench.Runtime;

/// <summary>bench/native/urcu.c, built and run once for each flavour of liburcu.</summary>
internal sealed class NativeUrcu
{
    private readonly (string Flavour, string Program)[] _programs;

    private NativeUrcu((string, string)[] programs) => _programs = programs;

    public static NativeUrcu? Build()
    {
        var source = FindSource();
        if (source is null)
            return null;
        var folder = Directory.CreateTempSubdirectory("lazykick-urcu-").FullName;
        List<(string, string)> programs = [];
        foreach ((var flavour, var macro) in new[] { ("qsbr", "RCU_QSBR"), ("memb", "RCU_MEMBARRIER") })
        {
            var program = Path.Combine(folder, flavour);
            if (Execute("gcc", ["-O2", $"-D{macro}", source, "-o", program, $"-lurcu-{flavour}", "-lpthread"]) is null)
                return null;
            programs.Add((flavour, program));
        }

        return new NativeUrcu([.. programs]);
    }

    /// <summary>One round; lines of other operations than the wanted ones are left out.</summary>
    public void Round(Table table, string wanted)
    {
        foreach ((var flavour, var program) in _programs)
        {
            // A grace period of the membarrier flavour takes as long as a hundred of the other.
            foreach (var line in Execute(program, [flavour == "qsbr" ? "20000" : "300"])?.Split('\n') ?? [])
            {
                if (line.Split(' ') is [string name, string value] && name.StartsWith(wanted, StringComparison.Ordinal))
                    table.Record($"liburcu {flavour}, {name}", double.Parse(value, CultureInfo.InvariantCulture));
            }
        }
    }

    private static string? FindSource()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "bench", "native", "urcu.c");
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    private static string? Execute(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            )!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
