using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Lazykick.Checking.Properties;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Help;

/// <summary><c>--help</c>: what the library writes, then examples, the names of properties, exit statuses.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int MostBeside = 30; // a wider first column leaves no room beside it
    private readonly HelpAction _basics;

    private HelpPage(HelpAction basics) => _basics = basics;

    public override bool ClearsParseErrors => true;

    /// <summary>The option <c>--help</c>, for all commands.</summary>
    public static HelpOption Option()
    {
        var option = new HelpOption { Description = "Show this page." };
        var basics = (HelpAction)option.Action!;
        basics.MaxWidth = Terminal.Width;
        option.Action = new HelpPage(basics);
        return option;
    }

    public override int Invoke(ParseResult parseResult)
    {
        var status = _basics.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        Rows(output, "Examples", Examples.Of(command.Name));
        if (command.Name == "check")
            Rows(output, "Properties", [.. PropertyList.All.Select(p => (p.Id, p.Sentence))]);
        if (command.Subcommands.Count == 0 || command == parseResult.RootCommandResult.Command)
            Rows(output, "Exit status", [.. ExitStatus.Meanings.Select(m => ($"{m.Status}", m.Meaning))]);
        return status;
    }

    /// <summary>Two columns; the second on a line of its own where both do not fit.</summary>
    private static void Rows(TextWriter output, string title, IReadOnlyList<(string First, string Second)> rows)
    {
        if (rows.Count == 0)
            return;
        output.WriteLine($"{title}:");
        var width = rows.Max(r => r.First.Length);
        var beside = width <= MostBeside;
        var indent = beside ? width + 4 : 6;
        foreach (var (first, second) in rows)
        {
            if (!beside)
                output.WriteLine($"  {first}");
            var head = beside ? $"  {first.PadRight(width)}  " : new string(' ', indent);
            foreach (var line in Wrapping.Lines(second, Terminal.Width - indent))
            {
                output.WriteLine(head + line);
                head = new string(' ', indent);
            }
        }

        output.WriteLine();
    }
}
