using System.Text.Json;

namespace Lazykick.Bench.Traces;

/// <summary>
/// Every tool on the same file, in CPU seconds (user and system, all threads, with the start of the program), because
/// the machine is shared. Each of ours runs once untimed, and the timed run must give the same; trace-cmd and perf must
/// count the same events.
/// </summary>
internal static class Comparison
{
    private static readonly string[] TraceDats = ["big7.dat", "big6.dat", "big7z.dat"];

    /// <param name="directory">Where the files are.</param>
    /// <param name="withOthers">Whether trace-cmd and perf run too.</param>
    /// <param name="command">A published lazykick, whose code is compiled ahead; null = this build, whose start is
    /// mostly compilation.</param>
    public static int Run(string directory, bool withOthers, string? command)
    {
        var (program, first) = command is null ? ("dotnet", new[] { FindCommand() }) : (command, []);
        Console.WriteLine(
            $"{"file",-10} {"tool",-22} {"events",12} {"CPU s",8} {"wall s",8} {"M events/CPU-s",15} {"ratio",7}"
        );
        foreach (var name in TraceDats.Append("big.perf"))
        {
            var file = Path.Combine(directory, name);
            if (!File.Exists(file))
                continue;
            var walk = Twice(name, Child.Self, "walk", file);
            var events = long.Parse(walk.Output.Split(' ')[0]);
            Print(name, "walk", events, walk, null);
            var report = Twice(name, program, [.. first, "report", "--json", file]);
            if (EventsOf(report.Output) != events)
            {
                throw new InvalidOperationException(
                    $"{name}: the report counts {EventsOf(report.Output)} events, the walk {events}"
                );
            }

            Print(name, "lazykick report", events, report, null);
            if (withOthers)
                Others(name, file, events, report);
        }

        return 0;
    }

    /// <summary>The command beside this project in the source tree, built alike.</summary>
    private static string FindCommand()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = Path.Combine(own.Parent!.Name, own.Name);
        for (var directory = own; directory is not null; directory = directory.Parent)
        {
            var command = Path.Combine(
                directory.FullName,
                "src",
                "Lazykick.Cli",
                "bin",
                configuration,
                "Lazykick.Cli.dll"
            );
            if (File.Exists(command))
                return command;
        }

        throw new FileNotFoundException("Lazykick.Cli.dll: build the solution in this configuration first");
    }

    private static void Others(string name, string file, long events, Child.Result report)
    {
        var isPerf = name.EndsWith(".perf", StringComparison.Ordinal);
        var (tool, arguments) = isPerf
            ? ("perf", new[] { "script", "-i", file })
            : ("trace-cmd", ["report", "-i", file]);
        Print(name, $"{tool} {arguments[0]}", events, Child.Discard(tool, arguments), report);
        // Untimed: a line an event, and trace-cmd's first line.
        var counted = isPerf
            ? Child.Count(tool, [.. arguments, "-F", "cpu,time,event"]).Lines
            : Child.Count(tool, arguments).Lines - 1;
        if (counted != events)
            throw new InvalidOperationException($"{name}: {tool} counts {counted} events, we {events}");
    }

    /// <summary>Runs a program untimed, which also warms the page cache, then timed.</summary>
    private static Child.Result Twice(string name, string program, params string[] arguments)
    {
        var untimed = Child.Run(program, arguments);
        var timed = Child.Run(program, arguments);
        if (untimed.Status != 0 || timed.Status != 0 || untimed.Output != timed.Output)
        {
            throw new InvalidOperationException(
                $"{name}: {program} {string.Join(' ', arguments)} failed or gave two results"
            );
        }

        return timed;
    }

    private static long EventsOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("reports")[0].GetProperty("trace").GetProperty("events").GetInt64();
    }

    private static void Print(string name, string tool, long events, Child.Result result, Child.Result? ours)
    {
        var ratio = ours is null ? "" : $"1/{result.CpuSeconds / ours.CpuSeconds:F1}";
        Console.WriteLine(
            $"{name,-10} {tool,-22} {events,12:N0} {result.CpuSeconds,8:F2} {result.WallSeconds,8:F2} "
                + $"{events / result.CpuSeconds / 1e6,15:F2} {ratio,7}"
        );
    }
}
