using System.CommandLine;
using Lazykick.Cli.Demo;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick demo</c>: the isolation test on the user's own machine.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long each of the three legs takes, 0.1 to 600.",
            DefaultValueFactory = _ => 3,
        };
        var cpu = new Option<int?>("--cpu")
        {
            Description = "The CPU to spin on; the last one allowed if not given. An isolated one shows most.",
        };
        var rate = new Option<int>("--rate")
        {
            Description = "Kicks per second in each leg, 0 to 1000000; 0 for one after the other without a pause.",
            DefaultValueFactory = _ => 20_000,
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var command = new Command("demo", "Shows on this machine what a lazy kick spares an isolated CPU.")
        {
            seconds,
            cpu,
            rate,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                Task.FromResult(
                    Run(
                        parsed.GetValue(seconds),
                        parsed.GetValue(cpu),
                        parsed.GetValue(rate),
                        parsed.GetValue(json),
                        cancellationToken
                    )
                )
        );
        return command;
    }

    private static int Run(double seconds, int? cpu, int rate, bool json, CancellationToken cancellationToken)
    {
        if (!(seconds is >= 0.1 and <= 600))
            return Wrong($"--seconds {seconds} is out of range", "give 0.1 to 600 seconds for each leg");
        if (rate is < 0 or > 1_000_000)
            return Wrong($"--rate {rate} is out of range", "give 0 to 1000000 kicks per second");
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/interrupts"))
        {
            return Wrong(
                "the demo counts interrupts in /proc/interrupts, which this system does not have",
                "run it on Linux"
            );
        }

        var allowed = CpuAffinity.Allowed();
        if (allowed.Length < 2)
        {
            return Wrong(
                "the demo needs two CPUs, and this process may use only one",
                "widen the affinity mask (taskset, cgroup cpuset)"
            );
        }

        var isolated = cpu ?? allowed[^1];
        if (!allowed.Contains(isolated))
        {
            return Wrong(
                $"--cpu {isolated} is not among the CPUs that this process may use",
                $"give one of {string.Join(' ', allowed)}"
            );
        }

        if (!InterruptCounts.Read(isolated).HasFunctionCalls)
            return Wrong("/proc/interrupts has no row CAL on this architecture", "the demo reads x86's names so far");

        IsolationResult result;
        try
        {
            result = IsolationTest.Run(
                isolated,
                allowed.First(other => other != isolated),
                TimeSpan.FromSeconds(seconds),
                rate,
                text => Console.Error.WriteLine($"lazykick: {text}"),
                cancellationToken
            );
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("lazykick: cancelled");
            return ExitStatus.GaveUp;
        }

        if (json)
        {
            JsonOutput.Print(DemoReport.Document(result), JsonOutput.Documents.DemoDocument);
        }
        else
        {
            DemoReport.Write(result, Terminal.Standard);
        }

        return result.IsConclusive ? ExitStatus.Done : ExitStatus.GaveUp;
    }

    private static int Wrong(string what, string advice)
    {
        Console.Error.WriteLine($"lazykick: {what}");
        Console.Error.WriteLine($"    {advice}");
        return ExitStatus.WrongInput;
    }
}
