using System.CommandLine;
using System.Text;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Loading;

namespace Lazykick.Cli.Help;

/// <summary>
/// <c>lazykick completion bash|zsh|fish</c>: a script for a shell, made from the commands. The script holds all words
/// itself, so that a press of the tab key does not start a process.
/// </summary>
internal static class CompletionCommand
{
    private static readonly string[] s_shells = ["bash", "zsh", "fish"];

    public static Command Create(Command root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong(s_shells);
        var command = new Command(
            "completion",
            "Prints the script that completes commands, options and schemes in a shell."
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.Write(
                parsed.GetValue(shell) switch
                {
                    "fish" => Fish(root),
                    "zsh" => "#compdef lazykick\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(root),
                    _ => Bash(root),
                }
            );
            return Output.ExitStatus.Done;
        });
        return command;
    }

    private static string Bash(Command root)
    {
        var text = new StringBuilder();
        text.Append("_lazykick() {\n");
        text.Append("    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n");
        text.Append("    case $before in\n");
        foreach (var (name, values) in Values(root))
            text.Append($"        {name}) words='{string.Join(' ', values)}' ;;\n");
        // The value of any other option is no command, scheme or option: a file, if anything.
        var free = Visible(root).SelectMany(c => c.Options).Where(
            o => ValueNames.TakesAValue(o) && OptionValues(o).Count == 0
        );
        text.Append($"        {string.Join('|', free.Select(o => o.Name).Distinct(StringComparer.Ordinal))}) words=' ' "
            + $";;\n");
        text.Append("    esac\n");
        text.Append("    [ -n \"$words\" ] || case ${COMP_CWORD}:${COMP_WORDS[1]} in\n");
        text.Append($"        1:*) words='{string.Join(' ', Words(root))}' ;;\n");
        foreach (var command in Visible(root))
            text.Append($"        *:{command.Name}) words='{string.Join(' ', Words(command))}' ;;\n");
        text.Append("    esac\n");
        text.Append("    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n");
        text.Append("}\n");
        // No match among the words: file names.
        text.Append("complete -o bashdefault -o default -F _lazykick lazykick\n");
        return text.ToString();
    }

    private static string Fish(Command root)
    {
        var text = new StringBuilder();
        foreach (var command in Visible(root))
        {
            text.Append("complete -c lazykick -n __fish_use_subcommand -a ")
                .Append($"{command.Name} -d {Quoted(command.Description)}\n");
            var condition = $"'__fish_seen_subcommand_from {command.Name}'";
            foreach (
                var option in command.Options.Where(o => !o.Hidden && o.Name.StartsWith("--", StringComparison.Ordinal))
            )
            {
                var values = OptionValues(option);
                text.Append(
                    $"complete -c lazykick -n {condition} -l {option.Name[2..]} -d {Quoted(option.Description)}"
                );
                text.Append(values.Count > 0 ? $" -x -a '{string.Join(' ', values)}'\n" : "\n");
            }

            var words = Words(command).Where(w => !w.StartsWith('-')).ToList();
            if (words.Count > 0)
                text.Append($"complete -c lazykick -n {condition} -a '{string.Join(' ', words)}'\n");
        }

        return text.ToString();
    }

    /// <summary>What may stand after a command: its options, commands below it, and names of schemes.</summary>
    private static IEnumerable<string> Words(Command command)
    {
        var words = Visible(command).Select(c => c.Name);
        if (command.Arguments.Any(a => a.Name.StartsWith("SCHEME", StringComparison.Ordinal)))
            words = words.Concat(Catalogue.Instance.Names).Concat(Catalogue.Instance.Field);
        return words.Concat(
            command.Options.Where(o => !o.Hidden).Select(o => o.Name).Append("--help").Distinct(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<(string Name, List<string> Values)> Values(Command root) =>
        Visible(root)
            .SelectMany(c => c.Options)
            .Select(o => (o.Name, Values: OptionValues(o)))
            .Where(o => o.Values.Count > 0)
            .DistinctBy(o => o.Name);

    private static List<string> OptionValues(Option option) =>
        option.ValueType == typeof(bool) ? []
        : option.Name == "--property" ? [.. PropertyList.All.Select(p => p.Id)]
        : [.. option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(c => c.Label)];

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(c => !c.Hidden);

    private static string Quoted(string? text) => $"'{(text ?? "").Replace("'", "\\'", StringComparison.Ordinal)}'";
}
