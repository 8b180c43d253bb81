using System.CommandLine;
using Lazykick.Cli.Output;
using Lazykick.Cli.Sweeps;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick merge</c>: puts the parts of a sweep together.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Documents of 'check --sweep --json', whole or of shards; - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        WrongOption.RefusedBy(files);
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md); it can be merged again.",
        };
        var command = new Command("merge", "Puts the parts of a sweep together, and says what is missing.") { files };
        command.Options.Add(json);
        command.SetAction(parsed => SweepMerge.Run(parsed.GetValue(files)!, parsed.GetValue(json)));
        return command;
    }
}
