using System.CommandLine;
using Lazykick.Cli.Replaying;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick replay</c>: a saved execution, step by step.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A file of 'check --save'; - is standard input." };
        var scheme = new Argument<string?>("SCHEME")
        {
            Description =
                "The scheme that it must be an execution of: a name of the catalogue, or a .kick file. Default: the "
                    + "scheme of that name in the catalogue, if there is one.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var command = new Command(
            "replay",
            "Shows a saved execution step by step: what each move changes, how each CPU stands, what is in flight."
        )
        {
            file,
            scheme,
        };
        command.Options.Add(json);
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                        new ReplayRun(parsed.GetValue(json), cancellation).Run(
                            parsed.GetValue(file)!,
                            parsed.GetValue(scheme)
                        ),
                    CancellationToken.None
                )
        );
        return command;
    }
}
