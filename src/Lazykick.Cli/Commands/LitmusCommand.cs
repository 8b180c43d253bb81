using System.CommandLine;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Memory;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Litmus;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Commands;

/// <summary>
/// <c>lazykick litmus FILE...</c>: what the field's litmus tests answer on the machine of <c>check</c>.
/// </summary>
internal static class LitmusCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Litmus tests in herd's format (AArch64, X86_64).",
            Arity = ArgumentArity.ZeroOrMore,
        };
        WrongOption.RefusedBy(files);
        var memory = new Option<string?>("--memory")
        {
            Description = "sc, tso or arm. Default: arm for AArch64, tso for X86_64.",
        };
        memory.AcceptOnlyFromAmong("sc", "tso", "arm");
        var window = new Option<int>("--in-flight")
        {
            Description = "Most instructions in flight on a CPU, 1 to 64.",
            DefaultValueFactory = _ => 32,
        }.From(1, 64);
        var limits = new LimitOptions(" on a test");
        var draw = new Option<bool>("--draw") { Description = "Draw a shortest execution, one column a CPU." };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of text." };
        var quiet = new Option<bool>("--brief", "-q") { Description = "Only the Observation line of each test." };
        var kinds = new Option<string?>("--kinds")
        {
            Description =
                "A list of expected answers (name, then Allowed, Forbidden or Required); exit status 1 where one "
                    + "differs.",
        };
        var rules = new Option<bool>("--rules")
        {
            Description = "List the machine's ordering rules, with source and test, and stop.",
        };
        var command = new Command("litmus", "Answers litmus tests on the machine that schemes are checked on.")
        {
            files,
            memory,
            window,
            draw,
            json,
            quiet,
            kinds,
            rules,
        };
        limits.AddTo(command);
        command.Validators.Add(result =>
        {
            if (
                result.GetResult(files) is not { Tokens.Count: > 0 }
                && result.GetResult(rules) is not { Implicit: false }
            )
            {
                result.AddError("name at least one litmus test");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
            {
                if (parsed.GetValue(rules))
                    return Task.FromResult(PrintRules());
                var options = new LitmusOptions
                {
                    Model = parsed.GetValue(memory) is { } name
                        ? Enum.Parse<MemoryModel>(name, ignoreCase: true)
                        : null,
                    Window = parsed.GetValue(window),
                    Limits = limits.Of(parsed),
                    Progress = SearchProgressLine.Write,
                    KeepsExecution = parsed.GetValue(draw) || parsed.GetValue(json),
                };
                ILitmusReport report = parsed.GetValue(json)
                    ? new LitmusJsonReport(Console.OpenStandardOutput())
                    : new LitmusTextReport(Console.Out, Console.Error, parsed.GetValue(draw), parsed.GetValue(quiet));
                var batch = new LitmusBatch(options, report);
                return Task.FromResult(batch.Run(parsed.GetValue(files)!, parsed.GetValue(kinds), cancellation));
            }
        );
        return command;
    }

    private static int PrintRules()
    {
        foreach (var rule in OrderingRules.All.Skip(1))
        {
            foreach (var line in Wrapping.Lines($"{rule.Id,-4}", rule.Text, 4, Terminal.Width))
                Console.Out.WriteLine(line);
            foreach (
                var line in Wrapping.Lines("    ", $"source: {rule.Source}; test: {rule.Test}", 8, Terminal.Width)
            )
            {
                Console.Out.WriteLine(line);
            }
        }

        return ExitStatus.Done;
    }
}
