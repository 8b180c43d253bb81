using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lazykick.Bench.Traces;

/// <summary>Runs other programs and measures what they cost.</summary>
internal static unsafe partial class Child
{
    private const int OfChildren = -1;

    /// <summary>This program, also where it was started as <c>dotnet FILE.dll</c>.</summary>
    public static string Self { get; } = Path.Combine(AppContext.BaseDirectory, typeof(Child).Assembly.GetName().Name!);

    /// <summary>What a run cost and wrote.</summary>
    /// <param name="Status">Exit status.</param>
    /// <param name="CpuSeconds">User and system time, all threads.</param>
    /// <param name="WallSeconds">From start to end.</param>
    /// <param name="Output">Standard output where it was kept.</param>
    /// <param name="Lines">Lines of standard output where they were counted.</param>
    public sealed record Result(int Status, double CpuSeconds, double WallSeconds, string Output, long Lines);

    public static void Check(string program, params string[] arguments)
    {
        var result = Run(program, arguments);
        if (result.Status != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.Status}");
    }

    /// <summary>Runs a program and keeps its output.</summary>
    public static Result Run(string program, params string[] arguments) =>
        Measure(program, arguments, static reader => (reader.ReadToEnd(), 0));

    /// <summary>Runs a program and counts its lines.</summary>
    public static Result Count(string program, params string[] arguments) =>
        Measure(
            program,
            arguments,
            static reader =>
            {
                long lines = 0;
                while (reader.ReadLine() is not null)
                    lines++;
                return ("", lines);
            }
        );

    /// <summary>Runs a program whose output nobody reads: to the null device, as the fastest reader of all.</summary>
    public static Result Discard(string program, params string[] arguments) =>
        Measure("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/null 2>&1", program, .. arguments], static _ => ("", 0));

    private static Result Measure(
        string program,
        string[] arguments,
        Func<StreamReader, (string Output, long Lines)> read
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var before = ChildSeconds();
        var wall = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var (output, lines) = read(process.StandardOutput);
        process.WaitForExit();
        return new Result(process.ExitCode, ChildSeconds() - before, wall.Elapsed.TotalSeconds, output, lines);
    }

    private static double ChildSeconds()
    {
        // struct rusage: two timevals, then 14 longs.
        var usage = stackalloc long[18];
        _ = GetUsage(OfChildren, usage);
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);
}
