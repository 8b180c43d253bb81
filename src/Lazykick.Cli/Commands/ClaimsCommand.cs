using System.CommandLine;

using Lazykick.Checking.Claims;
using Lazykick.Cli.Claims;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick claims [N...]</c>: the technical claims of the thread, decided by exploration.</summary>
internal static class ClaimsCommand
{
    /// <summary>Up to so many claims are shown with what they rest on.</summary>
    private const int Few = 3;

    public static Command Create()
    {
        var claims = new Argument<string[]>("CLAIM") { Description = "Numbers, ranges such as 10-16, or files that end in .claim. Without any: all claims of the thread.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of text." };
        var command = new Command("claims", "Decides the technical claims of the 2018 thread by exploration.") { claims, json };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed.GetValue(claims) ?? [], parsed.GetValue(json), cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(string[] arguments, bool json, CancellationToken cancellation)
    {
        if (ClaimSelection.Load(arguments, Console.Error) is not { } claims)
            return ExitStatus.WrongInput;
        var explorations = new Explorations();
        IReadOnlyList<ClaimResult> results;
        try
        {
            results = new ClaimEvaluator(explorations).Decide(claims, new ClaimProgress(Console.Error).Report, cancellation);
        }
        catch (ClaimException e)
        {
            Console.Error.Write(e.Message);
            return ExitStatus.WrongInput;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"lazykick: interrupted after {explorations.Count} explorations; no claim is decided");
            return ExitStatus.GaveUp;
        }

        if (json)
        {
            using var output = Console.OpenStandardOutput();
            ClaimJsonReport.Write(output, results);
        }
        else
        {
            new ClaimTextReport(Terminal.Standard).Write(results, arguments.Length > 0 && results.Count <= Few, explorations);
        }

        return ExitStatus.Done;
    }
}
