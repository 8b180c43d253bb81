using System.Diagnostics;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// The field's own tool and its generators, built as eng/install-oracles says: from LAZYKICK_HERD7 (and its folder) or
/// from the PATH.
/// </summary>
internal static class Herd
{
    internal const string Missing =
        "herd7 is neither on the PATH nor named by LAZYKICK_HERD7; eng/install-oracles builds it where "
        + "HERDTOOLS_SOURCE names a checkout of herdtools7";

    internal static string? Path { get; } = Find();

    /// <summary>One of the generators beside herd7, or on the PATH.</summary>
    internal static string? Generator(string name)
    {
        var beside = Path is null ? null : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, name);
        return beside is not null && File.Exists(beside) ? beside : OnPath(name);
    }

    /// <summary>The final states of tests by name, those that herd answers within the time for one test.</summary>
    /// <param name="files">The test files, all of one kind.</param>
    /// <param name="changesText">Whether they change text.</param>
    /// <param name="seconds">CPU seconds for a test.</param>
    internal static Dictionary<string, SortedSet<string>> States(
        IEnumerable<string> files,
        bool changesText,
        double seconds = 10
    )
    {
        // A list of files is one whose name begins with @.
        var folder = Directory.CreateTempSubdirectory("lazykick-herd-");
        var list = System.IO.Path.Combine(folder.FullName, "@tests");
        try
        {
            File.WriteAllLines(list, files);
            List<string> arguments = ["-timeout", $"{seconds}", list];
            if (changesText)
                arguments.InsertRange(0, ["-variant", "self"]);
            return Parse(Run(Path!, arguments));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Whether a test writes instructions, which herd wants to be told.</summary>
    internal static bool ChangesText(string text) =>
        text.Contains("=NOP", StringComparison.Ordinal)
        || text.Contains("instr:", StringComparison.Ordinal)
        || text.Contains("CVAU", StringComparison.Ordinal)
        || text.Contains("IVAU", StringComparison.Ordinal);

    internal static string Run(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = errors.Result;
        return output;
    }

    /// <summary>A state's values in one order, whichever tool printed them: <c>0:X1=1; [x]=2;</c>.</summary>
    internal static string Normalised(string state) =>
        string.Join(
            "; ",
            state
                .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Order(StringComparer.Ordinal)
        );

    // "Test NAME KIND", "States N", a line for each.
    private static Dictionary<string, SortedSet<string>> Parse(string output)
    {
        var answers = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var lines = output.Split('\n');
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            var isAnswer =
                lines[i].StartsWith("Test ", StringComparison.Ordinal)
                && lines[i + 1].StartsWith("States ", StringComparison.Ordinal);
            if (!isAnswer)
                continue;
            var count = int.Parse(lines[i + 1].Split(' ')[1]);
            var states = lines.Skip(i + 2).Take(count).Select(Normalised);
            answers[lines[i].Split(' ')[1]] = new(states, StringComparer.Ordinal);
        }

        return answers;
    }

    private static string? Find() =>
        Environment.GetEnvironmentVariable("LAZYKICK_HERD7") is { Length: > 0 } named ? named : OnPath("herd7");

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator)
            .Select(d => System.IO.Path.Combine(d, name))
            .FirstOrDefault(File.Exists);
}
