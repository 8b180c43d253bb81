using System.CommandLine;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Claims;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick claims [N...]</c>: the technical claims of the thread, decided by exploration.</summary>
internal static class ClaimsCommand
{
    /// <summary>Up to so many claims are shown with what they rest on.</summary>
    private const int Few = 3;

    public static Command Create()
    {
        var claims = new Argument<string[]>("CLAIM")
        {
            Description =
                "Numbers, ranges such as 10-16, further results such as E5, or files that end in .claim. Without any: "
                    + "all claims of the thread and all further results.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of text." };
        var memory = new Option<string>("--memory")
        {
            Description =
                "sc, tso or arm: what to explore where a claim names no memory. Under arm x86 schemes are explored "
                    + "under tso.",
            DefaultValueFactory = _ => "sc",
        };
        memory.AcceptOnlyFromAmong("sc", "tso", "arm");
        var inFlight = new Option<int>("--in-flight")
        {
            Description = "Accesses in flight on a CPU, at most, under tso and arm.",
            DefaultValueFactory = _ => CheckOptions.DefaultInFlight,
        }.From(1, CheckOptions.MaxInFlight);
        var limits = new LimitOptions(" on an exploration");
        var command = new Command("claims", "Decides the technical claims of the 2018 thread by exploration.")
        {
            claims,
            memory,
            inFlight,
            json,
        };
        limits.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var model = Enum.Parse<MemoryModel>(parsed.GetValue(memory)!, ignoreCase: true);
                return Task.Run(
                    () =>
                        Run(
                            parsed.GetValue(claims) ?? [],
                            model,
                            new Explorations(parsed.GetValue(inFlight), limits.Of(parsed)),
                            parsed.GetValue(json),
                            cancellation
                        ),
                    CancellationToken.None
                );
            }
        );
        return command;
    }

    private static int Run(
        string[] arguments,
        MemoryModel memory,
        Explorations explorations,
        bool json,
        CancellationToken cancellation
    )
    {
        if (ClaimSelection.Load(arguments, Console.Error) is not { } claims)
            return ExitStatus.WrongInput;
        ClaimAnswers answers;
        try
        {
            answers = ClaimAnswers.Decide(
                claims,
                memory,
                explorations,
                new ClaimProgress(Console.Error).Report,
                cancellation
            );
        }
        catch (ClaimException e)
        {
            Console.Error.Write(e.Message);
            return ExitStatus.WrongInput;
        }

        if (json)
        {
            JsonOutput.Print(ClaimJsonReport.Of(answers), JsonOutput.Documents.ClaimsDocument);
        }
        else
        {
            new ClaimTextReport(Terminal.Standard).Write(answers, arguments.Length > 0 && claims.Count <= Few);
        }

        return answers.Results.Concat(answers.UnderSc ?? []).Any(r => r.IsCutShort)
            ? ExitStatus.GaveUp
            : ExitStatus.Done;
    }
}
