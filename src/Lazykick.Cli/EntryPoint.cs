using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Lazykick.Cli.Help;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli;

/// <summary>
/// Runs a command and turns whatever ends it into an exit status: wrong calls, interrupts, a closed pipe, and our own
/// defects.
/// </summary>
internal static class EntryPoint
{
    private const int NoSpaceLeft = 28; // ENOSPC
    private static long _interrupted;

    public static async Task<int> RunAsync(Command root, string[] args)
    {
        // Not System.CommandLine's handler: that one is installed only after a command's first await.
        using var interrupt = new CancellationTokenSource();
        using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        // The terminal has gone: a recording still leaves the machine as it was.
        using var sighup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        try
        {
            var parsed = Parse(root, args, out var refusal);
            if (parsed is null)
                return WrongCall("lazykick", [refusal!]);
            if ((parsed.Errors.Count > 0 || StrayOption(parsed) is not null) && parsed.Action is not HelpPage)
                return WrongCall(parsed);
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            var status = await parsed.InvokeAsync(configuration, interrupt.Token).ConfigureAwait(false);
            await Console.Out.FlushAsync().ConfigureAwait(false);
            return status;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            Console.Error.WriteLine("lazykick: interrupted");
            return ExitStatus.GaveUp;
        }
        catch (IOException e)
            when (e.HResult == 32 || e.Message.Contains("Broken pipe", StringComparison.OrdinalIgnoreCase))
        {
            // The reader of our output has gone, for example head: it has what it wanted.
            return ExitStatus.Done;
        }
        catch (IOException e) when (e.HResult == NoSpaceLeft)
        {
            Console.Error.WriteLine(
                "lazykick: no space is left where the output goes; it is cut there. Free some, and call again"
            );
            return ExitStatus.WrongInput;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("LAZYKICK_DEBUG") is not { Length: > 0 })
        {
            Console.Error.WriteLine($"lazykick: a defect of lazykick: {e.GetType().Name}: {e.Message}");
            Console.Error.WriteLine(
                "    please report it, with the call and the output of the same call under LAZYKICK_DEBUG=1"
            );
            return ExitStatus.Defect;
        }

        // The first interrupt ends the work, a later one the process. Not one that comes with the first: timeout(1)
        // signals the process and then its group.
        void Interrupt(PosixSignalContext context)
        {
            var now = Stopwatch.GetTimestamp();
            var first = Interlocked.CompareExchange(ref _interrupted, now, 0);
            context.Cancel = first == 0 || Stopwatch.GetElapsedTime(first, now) < TimeSpan.FromSeconds(1);
            interrupt.Cancel();
        }
    }

    private static ParseResult? Parse(Command root, string[] args, out string? refusal)
    {
        try
        {
            refusal = null;
            return root.Parse(args);
        }
        catch (InvalidOperationException e)
        {
            // A validator asked for the value of an argument that is none of its type.
            refusal = e.Message;
            return null;
        }
    }

    private static int WrongCall(ParseResult parsed)
    {
        var command = Path(parsed.CommandResult);
        if (parsed.CommandResult == parsed.RootCommandResult && parsed.UnmatchedTokens.Count == 0)
        {
            parsed
                .RootCommandResult.Command.Parse("--help")
                .Invoke(new InvocationConfiguration { Output = Console.Error });
            return ExitStatus.WrongInput;
        }

        var unknown = StrayOption(parsed) ?? (parsed.UnmatchedTokens is [var first, ..] ? first : null);
        var messages = unknown is not null
            ? [Unknown(parsed.CommandResult.Command, unknown)]
            : parsed.Errors.Select(e => e.Message);
        return WrongCall(command, messages.Distinct());
    }

    private static int WrongCall(string command, IEnumerable<string> messages)
    {
        foreach (var message in messages)
            Console.Error.WriteLine($"{command}: {message}");
        Console.Error.WriteLine($"    '{command} --help' shows how to call it");
        return ExitStatus.WrongInput;
    }

    /// <summary>An option that the command does not have, taken for one of several arguments; or null.</summary>
    private static string? StrayOption(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(a => a.Tokens)
            .Select(t => t.Value)
            .FirstOrDefault(t => t.StartsWith("--", StringComparison.Ordinal));

    private static string Unknown(Command command, string token)
    {
        var isOption = token.StartsWith('-');
        var what =
            isOption ? "option"
            : command.Subcommands.Count > 0 ? "command"
            : "argument";
        var known = isOption
            ? command.Options.Select(o => o.Name).Append("--help")
            : command.Subcommands.Select(c => c.Name);
        var suggestion = Suggestion.For(token.Split('=')[0], known);
        return $"unknown {what} '{token}'{(suggestion is null ? "" : $"; {suggestion}")}";
    }

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "lazykick";
}
